package dev.tandem.trainer.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.recipe.Distillation;
import dev.tandem.trainer.recipe.Joint;
import dev.tandem.trainer.recipe.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JointStepTest {
    private static final Joint STATIC =
            new Joint(0, 1, 3, 1e-5, 1e-5, Schedule.constant(), Distillation.RELEASED_CODE, false, false, 1, 0);
    private static final Example EXAMPLE = new Example(
            new Query("q", "root schema"),
            List.of(
                    new Passage("p1", "schema", "returns the root schema"),
                    new Passage("p2", "connection", "closes this connection"),
                    new Passage("p3", "null", "null where none was given")),
            Set.of("p1"),
            true);

    @TempDir
    Path directory;

    @Test
    void aFrozenReRankerTeachesWithoutDropout() throws IOException {
        try (DualEncoder retriever = DualEncoder.open(initial("retriever", 0));
                CrossEncoder reranker = CrossEncoder.open(initial("re-ranker", 0.5));
                NDManager step = NDManager.newBaseManager()) {
            reranker.parameters().setTrainable(false);
            JointStep joint = new JointStep(retriever, reranker, STATIC, 1000);
            List<TokenizedExample> examples = joint.tokenize(List.of(EXAMPLE));

            double first = joint.accumulate(step, examples).total();
            double second = joint.accumulate(step, examples).total();

            assertEquals(first, second);
        }
    }

    private Path initial(String name, double dropout) throws IOException {
        Path tokenizer = directory.resolve(name + ".json");
        try (InputStream in = JointStepTest.class.getResourceAsStream("/golden/tokenizer/tokenizer.json")) {
            Files.write(tokenizer, in.readAllBytes());
        }
        EncodingConfig encoding = new EncodingConfig(16, 16, 16, Pooling.CLS, Similarity.DOT, 1);
        EncoderInit.random(
                directory.resolve(name), tokenizer, new Architecture(32, 2, 2, 64, 16, dropout, true), encoding, 5);
        return directory.resolve(name);
    }
}
