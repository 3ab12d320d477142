package dev.tandem.trainer.stage;

/** One of the programs that a benchmark lets do the same work in turn. */
public interface Side extends AutoCloseable {
    /**
     * Does the work once.
     *
     * @param round number of the round, which picks its input; the same for all sides
     * @return seconds it took
     */
    double run(int round);

    @Override
    default void close() {}
}
