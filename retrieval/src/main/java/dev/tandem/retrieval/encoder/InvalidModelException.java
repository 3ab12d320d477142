package dev.tandem.retrieval.encoder;

/** A model's file that is malformed, contradicts another, or asks for something unsupported; the message names the fault. */
public final class InvalidModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(String message) {
        super(message);
    }

    public InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
