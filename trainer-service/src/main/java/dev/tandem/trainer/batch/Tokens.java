package dev.tandem.trainer.batch;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.token.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tokens of B examples of L passages each.
 *
 * @param queries B queries, each once whatever the length of its list; empty where the retriever is not asked
 * @param passages B · L passages, list after list; empty where the retriever is not asked
 * @param pairs B · L queries with their passages, in the same order; empty where the re-ranker is not asked
 */
public record Tokens(List<TokenIds> queries, List<TokenIds> passages, List<TokenIds> pairs) {
    /** Tokens for the retriever alone. */
    public static Tokens of(List<Example> examples, DualEncoder retriever) {
        List<Passage> passages = examples.stream()
                .flatMap(example -> example.passages().stream())
                .toList();
        return new Tokens(
                retriever.tokenizeQueries(
                        examples.stream().map(example -> example.query().text()).toList()),
                retriever.tokenizePassages(passages),
                List.of());
    }

    /** Tokens for the re-ranker alone. */
    public static Tokens of(List<Example> examples, CrossEncoder reranker) {
        List<QueryPassage> pairs = new ArrayList<>();
        examples.forEach(example -> example.passages()
                .forEach(passage -> pairs.add(new QueryPassage(example.query().text(), passage))));
        return new Tokens(List.of(), List.of(), reranker.tokenize(pairs));
    }

    /** Tokens for both. */
    public static Tokens of(List<Example> examples, DualEncoder retriever, CrossEncoder reranker) {
        Tokens dual = of(examples, retriever);
        return new Tokens(dual.queries, dual.passages, of(examples, reranker).pairs);
    }

    /** Number of tokens without padding. */
    public long count() {
        return Stream.of(queries, passages, pairs)
                .flatMap(List::stream)
                .mapToLong(TokenIds::length)
                .sum();
    }
}
