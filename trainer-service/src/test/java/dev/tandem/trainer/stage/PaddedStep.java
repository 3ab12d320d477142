package dev.tandem.trainer.stage;

import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.TokenizedExample;
import java.util.Arrays;
import java.util.List;

/**
 * One step of the published scheme.
 *
 * @param lists number of lists
 * @param queries the query of each passage, again for each
 * @param passages all lists' passages
 * @param pairs query and passage together
 */
record PaddedStep(int lists, List<TokenIds> queries, List<TokenIds> passages, List<TokenIds> pairs) {
    static PaddedStep of(List<TokenizedExample> examples) {
        return new PaddedStep(
                examples.size(),
                examples.stream()
                        .flatMap(one -> one.passages().stream().map(passage -> one.query()))
                        .toList(),
                examples.stream().flatMap(one -> one.passages().stream()).toList(),
                examples.stream().flatMap(one -> one.pairs().stream()).toList());
    }

    /** Passages per list. */
    int length() {
        return passages.size() / lists;
    }

    /** The sequences filled up to so many tokens. */
    List<TokenIds> full(List<TokenIds> sequences, int tokens) {
        return sequences.stream()
                .map(one -> new TokenIds(Arrays.copyOf(one.ids(), tokens), Arrays.copyOf(one.types(), tokens)))
                .toList();
    }

    /** As the peer reads it: queries, passages and pairs, ids and types of each. */
    List<List<List<int[]>>> asLists() {
        return List.of(asLists(queries), asLists(passages), asLists(pairs));
    }

    private static List<List<int[]>> asLists(List<TokenIds> sequences) {
        return sequences.stream().map(one -> List.of(one.ids(), one.types())).toList();
    }
}
