package dev.tandem.evaluator;

/** Something cannot be had at once; try again later. */
public final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message);
    }
}
