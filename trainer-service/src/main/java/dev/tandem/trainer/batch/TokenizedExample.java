package dev.tandem.trainer.batch;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.token.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An example with its tokens, for the models that will see it.
 *
 * @param query the query, once whatever the length of the list; null where the retriever is not asked
 * @param passages L passages; empty where the retriever is not asked
 * @param pairs L times query and passage together; empty where the re-ranker is not asked
 */
public record TokenizedExample(Example example, TokenIds query, List<TokenIds> passages, List<TokenIds> pairs) {
    public TokenizedExample {
        requireNonNull(example, "example is null");
        passages = List.copyOf(passages);
        pairs = List.copyOf(pairs);
    }

    /** Tokens for the retriever alone. */
    public static List<TokenizedExample> of(List<Example> examples, DualEncoder retriever) {
        List<TokenIds> queries = retriever.tokenizeQueries(
                examples.stream().map(example -> example.query().text()).toList());
        List<Passage> all = examples.stream()
                .flatMap(example -> example.passages().stream())
                .toList();
        List<TokenIds> passages = retriever.tokenizePassages(all);
        List<TokenizedExample> tokenized = new ArrayList<>();
        int from = 0;
        for (Example example : examples) {
            int to = from + example.passages().size();
            tokenized.add(new TokenizedExample(
                    example, queries.get(tokenized.size()), passages.subList(from, to), List.of()));
            from = to;
        }
        return tokenized;
    }

    /** Tokens for the re-ranker alone. */
    public static List<TokenizedExample> of(List<Example> examples, CrossEncoder reranker) {
        List<TokenIds> pairs = reranker.tokenize(examples.stream()
                .flatMap(example -> example.passages().stream()
                        .map(passage -> new QueryPassage(example.query().text(), passage)))
                .toList());
        List<TokenizedExample> tokenized = new ArrayList<>();
        int from = 0;
        for (Example example : examples) {
            int to = from + example.passages().size();
            tokenized.add(new TokenizedExample(example, null, List.of(), pairs.subList(from, to)));
            from = to;
        }
        return tokenized;
    }

    /** Tokens for both. */
    public static List<TokenizedExample> of(List<Example> examples, DualEncoder retriever, CrossEncoder reranker) {
        List<TokenizedExample> forRetriever = of(examples, retriever);
        List<TokenizedExample> forReranker = of(examples, reranker);
        List<TokenizedExample> both = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            TokenizedExample one = forRetriever.get(i);
            both.add(new TokenizedExample(one.example, one.query, one.passages, forReranker.get(i).pairs));
        }
        return both;
    }

    /** The pairs of all examples, in order. */
    public static List<TokenIds> pairs(List<TokenizedExample> examples) {
        return examples.stream().flatMap(example -> example.pairs.stream()).toList();
    }

    /** Number of tokens without padding. */
    public long tokens() {
        long inQuery = query == null ? 0 : query.length();
        return inQuery
                + Stream.concat(passages.stream(), pairs.stream())
                        .mapToLong(TokenIds::length)
                        .sum();
    }
}
