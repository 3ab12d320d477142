package dev.tandem.quickstart.ring;

import java.util.Locale;

/** The three services; they stop in the order in which they stand here. */
public enum Service {
    TRAINER(1536),
    MINER(1024),
    EVALUATOR(1024);

    private final int heapMegabytes;

    Service(int heapMegabytes) {
        this.heapMegabytes = heapMegabytes;
    }

    /** Its name, which is also the prefix of its settings. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Threads of PyTorch on a machine that all three share: all cores for training, half of them for the others. */
    int threads(int cores) {
        return this == TRAINER ? cores : Math.max(1, cores / 2);
    }

    /** Heap for a corpus of some ten thousand passages; weights and tensors lie outside it. */
    int heapMegabytes() {
        return heapMegabytes;
    }
}
