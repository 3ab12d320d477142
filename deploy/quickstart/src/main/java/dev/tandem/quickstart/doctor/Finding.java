package dev.tandem.quickstart.doctor;

import static java.util.Objects.requireNonNull;

/**
 * One thing that was looked at.
 *
 * @param what it was
 * @param found how it is
 * @param advice what to do; empty where it is fine
 */
public record Finding(Level level, String what, String found, String advice) {
    /** How much it matters. */
    public enum Level {
        FINE,
        /** Works, but not as well as it could. */
        WARNING,
        /** Tandem does not work with it. */
        PROBLEM
    }

    public Finding {
        requireNonNull(level, "level is null");
        requireNonNull(what, "what is null");
        requireNonNull(found, "found is null");
        requireNonNull(advice, "advice is null");
    }

    static Finding fine(String what, String found) {
        return new Finding(Level.FINE, what, found, "");
    }

    static Finding warning(String what, String found, String advice) {
        return new Finding(Level.WARNING, what, found, advice);
    }

    static Finding problem(String what, String found, String advice) {
        return new Finding(Level.PROBLEM, what, found, advice);
    }
}
