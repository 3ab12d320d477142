package dev.tandem.quickstart.ablation;

import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;

/** What is measured of a pair of models. */
enum Measure {
    RETRIEVER_MRR("retriever", RankingKind.RETRIEVER, "mrr@10"),
    RETRIEVER_RECALL("retriever", RankingKind.RETRIEVER, "recall@50"),
    RERANKER_MRR("re-ranker", RankingKind.RERANKER, "mrr@10"),
    FUSED_MRR("fused", RankingKind.FUSED, "mrr@10");

    private final String model;
    private final RankingKind kind;
    private final String spec;

    Measure(String model, RankingKind kind, String spec) {
        this.model = model;
        this.kind = kind;
        this.spec = spec;
    }

    /** The ranking that is measured. */
    RankingKind kind() {
        return kind;
    }

    Metric metric() {
        return Metric.parse(spec);
    }

    /** As tables and files spell it. */
    String label() {
        return model + " " + spec;
    }
}
