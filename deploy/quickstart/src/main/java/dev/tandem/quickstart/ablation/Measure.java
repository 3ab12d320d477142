package dev.tandem.quickstart.ablation;

import dev.tandem.evaluator.metric.Metric;

/** What is measured of a pair of models. */
enum Measure {
    RETRIEVER_MRR("retriever", "mrr@10"),
    RETRIEVER_RECALL("retriever", "recall@50"),
    RERANKER_MRR("re-ranker", "mrr@10");

    private final String model;
    private final String spec;

    Measure(String model, String spec) {
        this.model = model;
        this.spec = spec;
    }

    Metric metric() {
        return Metric.parse(spec);
    }

    /** As tables and files spell it. */
    String label() {
        return model + " " + spec;
    }
}
