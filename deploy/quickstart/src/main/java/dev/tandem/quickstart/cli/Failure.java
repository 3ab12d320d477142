package dev.tandem.quickstart.cli;

/** A command cannot do what was asked; the message is for the user and says what to do. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
