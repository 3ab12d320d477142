package dev.tandem.evaluator.scoring;

/** A model whose outputs are not numbers; it can rank nothing. */
public final class BrokenModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenModelException(String message) {
        super(message);
    }
}
