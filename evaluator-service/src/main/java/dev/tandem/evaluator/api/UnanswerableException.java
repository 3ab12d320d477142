package dev.tandem.evaluator.api;

/** A search that cannot be answered; the message says why. */
final class UnanswerableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** With the status of the HTTP response. */
    UnanswerableException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
