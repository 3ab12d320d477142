package dev.tandem.retrieval.checkpoint;

/** A checkpoint is missing, incomplete, changed since it was written, or not in the store; it must not be loaded. */
public final class CheckpointCorruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CheckpointCorruptedException(String message) {
        super(message);
    }

    public CheckpointCorruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
