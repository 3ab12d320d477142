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

    static CheckpointCorruptedException missing(String id, Object store) {
        return new CheckpointCorruptedException(
                "Checkpoint %s is not in the store %s; it may have been removed by retention".formatted(id, store));
    }
}
