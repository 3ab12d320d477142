package dev.tandem.evaluator.scoring;

/** Told how far a long piece of work is. Any call may throw {@link java.util.concurrent.CancellationException}. */
public interface Progress {
    /** What is being done now, in words, and how many units of work it will be. */
    void begin(String doing, long units);

    /** So many more units of it are done. */
    void done(long units);

    /** For work nobody waits for. */
    Progress UNWATCHED = new Progress() {
        @Override
        public void begin(String doing, long units) {}

        @Override
        public void done(long units) {}
    };
}
