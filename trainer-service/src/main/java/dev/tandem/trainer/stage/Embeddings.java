package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDArray;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.loss.Similarity;
import java.util.List;

/**
 * The retriever's view of B examples, with gradients.
 *
 * @param queries_BD query embeddings
 * @param passages_BLD passage embeddings, the positive first
 * @param scale 1 / temperature, scalar
 */
record Embeddings(NDArray queries_BD, NDArray passages_BLD, NDArray scale) {
    static Embeddings of(Piece piece, List<TokenizedExample> examples, DualEncoder retriever) {
        int length = examples.get(0).passages().size();
        List<TokenIds> queries = examples.stream().map(TokenizedExample::query).toList();
        List<TokenIds> passages = examples.stream()
                .flatMap(example -> example.passages().stream())
                .toList();
        NDArray queries_BD = piece.encode(retriever::queries_BD, queries);
        NDArray passages_ND = piece.encode(retriever::passages_ND, passages);
        return new Embeddings(
                queries_BD,
                passages_ND.reshape(examples.size(), length, retriever.dimension()),
                Weights.scalar(piece.manager(), 1 / retriever.encoding().temperature()));
    }

    NDArray scores_BL() {
        return Similarity.scores_BL(queries_BD, passages_BLD, scale);
    }

    NDArray positives_BD() {
        return passages_BLD.get(":, 0");
    }

    /** Null where the examples are their positives alone. */
    NDArray negatives_BHD() {
        return passages_BLD.getShape().get(1) == 1 ? null : passages_BLD.get(":, 1:");
    }
}
