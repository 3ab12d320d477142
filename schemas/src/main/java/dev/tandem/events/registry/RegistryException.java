package dev.tandem.events.registry;

/** A registry that gives no answer to what it was asked: no record is to be refused for that. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean canPass;
    private final String found;
    private final String advice;

    /**
     * A trouble, without a password in its words.
     *
     * @param canPass whether waiting may help; if not, a person must change a setting, here or at the registry
     * @param found what was expected, and what came
     * @param advice what to do
     */
    public RegistryException(boolean canPass, String found, String advice) {
        this(canPass, found, advice, null);
    }

    RegistryException(boolean canPass, String found, String advice, Throwable cause) {
        super(found + ". " + advice, cause);
        this.canPass = canPass;
        this.found = found;
        this.advice = advice;
    }

    /** Whether waiting may help. */
    public boolean canPass() {
        return canPass;
    }

    /** What was expected, and what came. */
    public String found() {
        return found;
    }

    /** What to do. */
    public String advice() {
        return advice;
    }
}
