package dev.tandem.quickstart.drill;

/** What can happen to a ring. */
public enum FaultKind {
    KILL_MINER("kill -9 miner"),
    KILL_TRAINER("kill -9 trainer"),
    KILL_EVALUATOR("kill -9 evaluator"),
    KILL_BROKER("kill -9 broker"),
    RESTART_BROKER("broker restart"),
    CUT_MINER("network cut, miner"),
    CUT_TRAINER("network cut, trainer"),
    CUT_EVALUATOR("network cut, evaluator"),
    STORE_READ_ONLY("store read-only"),
    DISK_FULL("disk full"),
    CLOCK_SKEW("clock skew (events)");

    private final String label;

    FaultKind(String label) {
        this.label = label;
    }

    /** As the table names it. */
    String label() {
        return label;
    }
}
