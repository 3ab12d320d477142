package dev.tandem.evaluator;

/** An order that cannot be carried out as things are; the message says why. */
public final class OrderRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OrderRefusedException(String message) {
        super(message);
    }

    OrderRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
