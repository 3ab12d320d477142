package dev.tandem.quickstart.ablation;

import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.retrieval.QueryKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which queries are measured; no query, however often its text stands in the corpus, is both trained on and measured. */
public enum Split {
    /** The corpus's held-out queries: for results, not for choices. */
    TEST,
    /** A tenth of the training queries, always the same ones, in place of the held-out ones: for choices. */
    DEV;

    private static final double DEV_SHARE = 0.1;

    /** The corpus with the queries that are measured as its held-out ones. */
    Corpus of(Corpus corpus) {
        Set<QueryKey> heldOut = new HashSet<>();
        corpus.heldOut().forEach(query -> heldOut.add(key(query)));
        List<JudgedQuery> train = corpus.train().stream()
                .filter(query -> !heldOut.contains(key(query)))
                .toList();
        if (this == TEST) {
            return new Corpus(corpus.passages(), train, corpus.heldOut());
        }
        Map<Boolean, List<JudgedQuery>> byDev = train.stream()
                .collect(Collectors.partitioningBy(query -> key(query).isHeldOut(DEV_SHARE)));
        return new Corpus(corpus.passages(), byDev.get(false), byDev.get(true));
    }

    /** The corpus with the labels of a share of its training queries; the others, always the same ones, have none. */
    static Corpus withLabels(double share, Corpus corpus) {
        List<JudgedQuery> train = corpus.train().stream()
                .map(query -> isLabelled(query, share) ? query : new JudgedQuery(query.id(), query.text(), Map.of()))
                .toList();
        return new Corpus(corpus.passages(), train, corpus.heldOut());
    }

    /** By a hash of its own: which queries are measured, and which have labels, are choices that know nothing of each other. */
    private static boolean isLabelled(JudgedQuery query, double share) {
        return share >= 1 || QueryKey.of("label of " + key(query)).isHeldOut(share);
    }

    private static QueryKey key(JudgedQuery query) {
        return QueryKey.of(query.text());
    }
}
