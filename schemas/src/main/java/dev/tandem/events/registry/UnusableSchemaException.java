package dev.tandem.events.registry;

/** The registry has answered, and what it has answered reads no event: the record at hand is to be refused. */
public final class UnusableSchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableSchemaException(String message) {
        super(message);
    }

    UnusableSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
