package dev.tandem.trainer.stage;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.retrieval.token.TokenizerFiles;
import dev.tandem.retrieval.token.WordPieceTrainer;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tandem's speed beside its peers': a training step beside PyTorch's, a joint step beside the published scheme, encoding a
 * corpus beside sentence-transformers. Prints medians of the rounds and of their ratios.
 *
 * <pre>
 * SpeedBenchmark [data=BEIR_DIRECTORY] [sizes=128/2,384/6] [threads=N] [only=step,joint,corpus] [seconds=20]
 * </pre>
 */
public final class SpeedBenchmark implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BERT_VOCABULARY = 30_522;
    private static final int SEQUENCES = 32;
    private static final int TOKENS = 64;
    private static final int STEPS = Rounds.MOST_ROUNDS;
    private static final int MOST_PASSAGES_AT_ONCE = 256;
    private static final double[] DROPOUTS = {0, 0.1};

    private final SpeedOptions options;
    private final Optional<PythonPeer> peer;
    private final SpeedTable table = new SpeedTable();
    private final Path scratch;

    private SpeedBenchmark(SpeedOptions options) throws IOException {
        this.options = options;
        this.peer = PythonPeer.start(options.threads());
        this.scratch = Files.createTempDirectory("tandem-speed");
    }

    /** Runs what the arguments choose. */
    public static void main(String[] arguments) throws IOException {
        SpeedOptions options = SpeedOptions.parse(arguments);
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(options.threads()));
        System.setProperty("ai.djl.pytorch.num_interop_threads", Integer.toString(options.threads()));
        try (SpeedBenchmark benchmark = new SpeedBenchmark(options)) {
            benchmark.run();
        }
    }

    private void run() throws IOException {
        System.out.printf(
                "%d threads; Tandem: libtorch %s on Java %s; peer: %s%n",
                options.threads(),
                Engine.getInstance().getVersion(),
                Runtime.version().feature(),
                peer.map(python -> python.versions().toString()).orElse("none"));
        table.head();
        for (ModelSize size : options.sizes()) {
            if (options.wants("step") && peer.isPresent()) {
                for (double dropout : DROPOUTS) {
                    encoderStep(size, Pooling.MEAN, dropout);
                }
                encoderStep(size, Pooling.CLS, DROPOUTS[0]);
            }
        }
        if (options.data() == null) {
            System.out.println("Joint steps and the corpus are skipped: no data=DIR with a corpus in BEIR layout.");
            return;
        }
        BeirTexts texts = new BeirTexts(options.data());
        Path tokenizer = scratch.resolve("tokenizer.json");
        WordPieceTrainer.train(texts.all(), 8_000, tokenizer);
        for (ModelSize size : options.sizes()) {
            if (options.wants("joint")) {
                jointStep(size, 8, texts, tokenizer);
                jointStep(size, 32, texts, tokenizer);
            }
            if (options.wants("corpus") && peer.isPresent()) {
                corpus(size, texts, tokenizer);
            }
        }
    }

    private void encoderStep(ModelSize size, Pooling pooling, double dropout) throws IOException {
        Path models = models();
        size.write(models, bertTokenizer(), pooling, dropout, true);
        SplittableRandom random = new SplittableRandom(1);
        int[][] ids = new int[SEQUENCES][];
        Arrays.setAll(ids, i -> random.ints(TOKENS, 5, BERT_VOCABULARY).toArray());
        List<TokenIds> sequences =
                Stream.of(ids).map(one -> new TokenIds(one, new int[TOKENS])).toList();
        PythonPeer python = peer.orElseThrow();
        python.prepare("step", models, input(ids), Map.of("pooling", pooling, "rate", SpeedRecipe.RATE));
        try (EncoderStepSide ours = new EncoderStepSide(models, sequences)) {
            if (dropout == 0) {
                ours.run(0);
                python.side().run(0);
                requireAlike(ours.loss(), python.loss());
            }
            Rounds rounds = Rounds.alternate(List.of(ours, python.side()), options.about())
                    .get(0);
            table.time("step %s, 32 x 64 tokens, %s, dropout %s".formatted(size, pooling, dropout), "PyTorch", rounds);
        }
    }

    private void jointStep(ModelSize size, int length, BeirTexts texts, Path tokenizer) throws IOException {
        Path models = models();
        size.write(models, tokenizer, Pooling.CLS, 0, false);
        int passages = size.hidden() <= 128 ? 128 : 32;
        List<List<Example>> steps = texts.steps(STEPS, passages / length, length);
        List<PaddedStep> padded = padded(models, steps);
        String what = "joint %s, %d lists of %d".formatted(size, passages / length, length);
        List<Side> sides = new ArrayList<>();
        try (JointStepSide ours = new JointStepSide(models, steps);
                PublishedSchemeSide scheme = new PublishedSchemeSide(models, padded)) {
            sides.add(ours);
            sides.add(scheme);
            if (peer.isPresent()) {
                PythonPeer python = peer.get();
                python.prepare(
                        "joint",
                        models,
                        input(padded.stream().map(PaddedStep::asLists).toList()),
                        more(length));
                ours.run(0);
                python.side().run(0);
                requireAlike(ours.loss(), python.loss());
                sides.add(python.side());
            }
            List<Rounds> rounds = Rounds.alternate(sides, options.about());
            table.speed(what, "its scheme, here", passages, rounds.get(0), 2);
            if (peer.isPresent()) {
                table.speed(what, "its scheme, PyTorch", passages, rounds.get(1), 2);
            }
        }
    }

    private static Map<String, ?> more(int length) {
        List<Integer> lengths = List.of(ModelSize.QUERY_TOKENS, ModelSize.PASSAGE_TOKENS, ModelSize.CROSS_TOKENS);
        return Map.of("lengths", lengths, "list", length, "rate", SpeedRecipe.RATE);
    }

    private static List<PaddedStep> padded(Path models, List<List<Example>> steps) {
        try (DualEncoder retriever = DualEncoder.open(models, ModelSize.COMPUTE);
                CrossEncoder reranker = CrossEncoder.open(models)) {
            return steps.stream()
                    .map(examples -> PaddedStep.of(TokenizedExample.of(examples, retriever, reranker)))
                    .toList();
        }
    }

    /** Every round takes the next part of the corpus, so that no text has been tokenized before. */
    private void corpus(ModelSize size, BeirTexts texts, Path tokenizer) throws IOException {
        Path models = models();
        size.write(models, tokenizer, Pooling.MEAN, 0, true);
        List<Passage> all = texts.passages();
        int passages = Math.min(MOST_PASSAGES_AT_ONCE, all.size() / Rounds.MOST_ROUNDS);
        List<List<Passage>> parts = IntStream.range(0, Rounds.MOST_ROUNDS)
                .mapToObj(i -> all.subList(i * passages, (i + 1) * passages))
                .toList();
        PythonPeer python = peer.orElseThrow();
        List<List<List<String>>> pairs = parts.stream()
                .map(part -> part.stream()
                        .map(passage -> List.of(passage.title(), passage.text()))
                        .toList())
                .toList();
        python.prepare("encode", models, input(pairs), Map.of("length", ModelSize.PASSAGE_TOKENS));
        try (DualEncoder retriever = DualEncoder.open(models, ModelSize.COMPUTE)) {
            Side ours = round -> {
                long began = System.nanoTime();
                retriever.encodePassages(parts.get(round));
                return (System.nanoTime() - began) / 1e9;
            };
            Rounds rounds = Rounds.alternate(List.of(ours, python.side()), options.about())
                    .get(0);
            table.speed("corpus " + size, "sentence-transformers", passages, rounds, 1);
        }
    }

    private static void requireAlike(double ours, double theirs) {
        if (!(Math.abs(ours - theirs) <= 1e-3 * Math.abs(theirs))) {
            throw new IllegalStateException(
                    "Both sides should compute the same, but the loss is %s here and %s there".formatted(ours, theirs));
        }
    }

    /** A tokenizer as large as BERT's; its words play no part. */
    private Path bertTokenizer() throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("bert"));
        Stream<String> special = Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a");
        Stream<String> words = IntStream.range(6, BERT_VOCABULARY).mapToObj(id -> "word" + id);
        Files.write(
                directory.resolve("vocab.txt"), Stream.concat(special, words).toList());
        TokenizerFiles.read(directory).write(directory);
        return directory.resolve("tokenizer.json");
    }

    private Path models() throws IOException {
        return Files.createTempDirectory(scratch, "models");
    }

    private Path input(Object content) throws IOException {
        Path file = Files.createTempFile(scratch, "input", ".json");
        JSON.writeValue(file.toFile(), content);
        return file;
    }

    @Override
    public void close() throws IOException {
        peer.ifPresent(PythonPeer::close);
        try (Stream<Path> files = Files.walk(scratch)) {
            files.sorted(Comparator.reverseOrder()).forEach(SpeedBenchmark::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + file, e);
        }
    }
}
