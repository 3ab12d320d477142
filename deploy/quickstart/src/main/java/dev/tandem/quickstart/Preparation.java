package dev.tandem.quickstart;

import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JavaCorpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.ring.Settings;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.token.WordPieceTrainer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What must be there before the trainer can start: a corpus, and models to train. */
public final class Preparation {
    /** Part of the cache's name: a new way of making the corpus makes it anew. */
    private static final String OWN_CORPUS = "corpus-1";

    private static final int MOST_PASSAGES_FOR_VOCABULARY = 50_000;

    private final Settings settings;
    private final Consumer<String> screen;

    /**
     * @param screen what is being done
     */
    public Preparation(Settings settings, Consumer<String> screen) {
        this.settings = settings;
        this.screen = screen;
    }

    /** A user's corpus, of which judged queries may be missing: they come later, or clicks do. */
    Corpus corpusToBeginWith(Path data) throws IOException {
        BeirDirectory directory = new BeirDirectory(data);
        if (directory.hasJudgements()) {
            return corpusOf(data);
        }
        Refusals refusals = new Refusals();
        Corpus corpus = directory.readPassages(refusals);
        show(refusals);
        if (corpus.passages().isEmpty()) {
            throw new IOException("Expected passages in %s, got none.".formatted(data.resolve("corpus.jsonl")));
        }
        return corpus;
    }

    /** A user's corpus, with judged queries; what cannot be taken is shown and left out. */
    public Corpus corpusOf(Path data) throws IOException {
        Refusals refusals = new Refusals();
        Corpus corpus = new BeirDirectory(data).read(refusals);
        show(refusals);
        if (corpus.passages().isEmpty()
                || corpus.train().isEmpty()
                || corpus.heldOut().isEmpty()) {
            throw new IOException(
                    "Expected passages, training queries (qrels/train.tsv) and held-out queries (qrels/test.tsv) in %s, got %d, %d and %d."
                            .formatted(
                                    data,
                                    corpus.passages().size(),
                                    corpus.train().size(),
                                    corpus.heldOut().size()));
        }
        return corpus;
    }

    private void show(Refusals refusals) {
        refusals.first().forEach(reason -> screen.accept("refused: " + reason));
        if (refusals.count() > 0) {
            screen.accept("%d lines refused in all".formatted(refusals.count()));
        }
    }

    /** The quickstart's own corpus: made from source jars the first time, then read. */
    public Corpus ownCorpus(Path home) throws IOException {
        BeirDirectory cache = new BeirDirectory(home.resolve(OWN_CORPUS));
        if (!cache.exists()) {
            screen.accept("reading the sources of six Java libraries (once)");
            cache.write(JavaCorpus.build().corpus());
        }
        return cache.read(new Refusals());
    }

    /** Whether a kept run has them already. */
    boolean hasModels(Path initialDirectory) {
        return Files.exists(initialDirectory.resolve("encoding.json")); // written last
    }

    /** Small models with random weights, and a vocabulary learned from the corpus (no held-out query is read). */
    public void randomModels(Corpus corpus, Path initialDirectory, long seed) throws IOException {
        Path tokenizer = Files.createTempFile("tokenizer", ".json");
        Stream<String> passages = corpus.passages().stream()
                .limit(MOST_PASSAGES_FOR_VOCABULARY)
                .map(passage -> passage.title() + " " + passage.text());
        WordPieceTrainer.train(
                Stream.concat(passages, corpus.train().stream().map(JudgedQuery::text)),
                settings.number("quickstart.vocabulary"),
                tokenizer);
        EncoderInit.random(initialDirectory, tokenizer, architecture(), encoding(), seed);
        Files.delete(tokenizer);
    }

    /** A user's models: an initial directory is taken as it is, a Hugging Face checkpoint becomes both models. */
    void modelsOf(Path init, Path initialDirectory, long seed) throws IOException {
        Path models = InitialModels.of(init, initialDirectory, encoding(), seed);
        if (!models.equals(initialDirectory)) {
            copy(models, initialDirectory);
        }
    }

    private Architecture architecture() {
        int positions = Math.max(
                settings.number("quickstart.cross-tokens"),
                Math.max(settings.number("quickstart.passage-tokens"), settings.number("quickstart.query-tokens")));
        return new Architecture(
                settings.number("quickstart.hidden"),
                settings.number("quickstart.layers"),
                settings.number("quickstart.heads"),
                settings.number("quickstart.intermediate"),
                positions,
                0,
                true);
    }

    /** How models that are made encode. */
    public EncodingConfig encoding() {
        return new EncodingConfig(
                settings.number("quickstart.query-tokens"),
                settings.number("quickstart.passage-tokens"),
                settings.number("quickstart.cross-tokens"),
                Pooling.MEAN,
                Similarity.COSINE,
                settings.decimal("quickstart.temperature"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
