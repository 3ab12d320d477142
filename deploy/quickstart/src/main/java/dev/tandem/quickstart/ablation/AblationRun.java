package dev.tandem.quickstart.ablation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An ablation as the user sees it: what is trained on and measured, how far it is, and the table. */
public final class AblationRun {
    private final Corpus corpus;
    private final StudySettings settings;
    private final AblationOptions options;
    private final Screen screen;
    private AblationTable table;

    /**
     * An ablation that has not begun.
     *
     * @param whole the corpus as it lies there
     */
    public AblationRun(Corpus whole, StudySettings settings, AblationOptions options, Screen screen) {
        this.corpus = Split.withLabels(options.labelledShare(), options.split().of(whole));
        this.settings = settings;
        this.options = options;
        this.screen = screen;
    }

    /**
     * Makes what is missing of it, and writes the table.
     *
     * @throws IOException if the directory holds results of another study, or cannot be written
     */
    public void run() throws IOException {
        screen.say("%,d passages, %,d training queries of which %,d have labels, %,d measured (%s), %d steps each"
                .formatted(
                        corpus.passages().size(),
                        corpus.train().size(),
                        corpus.train().stream()
                                .filter(query -> !query.grades().isEmpty())
                                .count(),
                        corpus.heldOut().size(),
                        label(options.split()),
                        settings.steps()));
        ResultsFile results = new ResultsFile(options.out(), describedStudy());
        Study study = new Study(corpus, settings, options.init(), options.measureEvery(), screen);
        new Ablation(study, options.out(), results, options.variants(), options.seeds()).run();
        table = new AblationTable(settings, results, options);
        Path file = options.out().resolve("table.md");
        Files.writeString(file, table.markdown());
        screen.print(table.markdown());
        screen.say("table: " + file);
    }

    /** The table as one JSON line, once {@link #run} is over. */
    public String json() {
        return table.json();
    }

    private Map<String, String> describedStudy() {
        Map<String, String> described = new TreeMap<>(settings.described());
        described.put("labelled-share", Double.toString(options.labelledShare()));
        described.put("split", label(options.split()));
        described.put("init", options.init().map(Path::toString).orElse("random weights"));
        described.put("corpus", digest());
        return described;
    }

    private static String label(Split split) {
        return split.name().toLowerCase(Locale.ROOT);
    }

    private String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            corpus.passages()
                    .forEach(passage -> digest.update(passage.toString().getBytes(UTF_8)));
            for (List<JudgedQuery> queries : List.of(corpus.train(), corpus.heldOut())) {
                queries.forEach(query ->
                        digest.update((query.id() + query.text() + new TreeMap<>(query.grades())).getBytes(UTF_8)));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
