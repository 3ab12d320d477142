package dev.tandem.evaluator.card;

import static java.util.Objects.requireNonNull;

import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.MetricDelta;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Similarity;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A promoted checkpoint in words and numbers, as model hubs show it: Markdown behind YAML.
 *
 * <p>All of it comes from the topics and the checkpoint itself, so that the card of a checkpoint can be written at any time.
 */
final class ModelCard {
    private final PromotedCheckpoint promoted;
    private final History history;
    private final Checkpoint checkpoint;
    private final EncodingConfig encoding;
    private final SortedMap<String, String> recipe;

    private ModelCard(
            PromotedCheckpoint promoted,
            History history,
            Checkpoint checkpoint,
            EncodingConfig encoding,
            SortedMap<String, String> recipe) {
        this.promoted = requireNonNull(promoted, "promoted is null");
        this.history = requireNonNull(history, "history is null");
        this.checkpoint = requireNonNull(checkpoint, "checkpoint is null");
        this.encoding = requireNonNull(encoding, "encoding is null");
        this.recipe = requireNonNull(recipe, "recipe is null");
    }

    /** The card of an opened checkpoint. */
    static String of(PromotedCheckpoint promoted, History history, Checkpoint checkpoint) throws IOException {
        EncodingConfig encoding = EncodingConfig.read(checkpoint.directory());
        return new ModelCard(promoted, history, checkpoint, encoding, Recipe.of(checkpoint.directory())).text();
    }

    private String text() {
        return String.join(
                        "\n\n",
                        Stream.of(
                                        frontMatter(),
                                        introduction(),
                                        loading(),
                                        data(),
                                        evaluation(),
                                        comparison(),
                                        lineage(),
                                        recipe())
                                .filter(section -> !section.isEmpty())
                                .toList())
                + "\n";
    }

    private String frontMatter() {
        StringBuilder yaml = new StringBuilder("""
                ---
                library_name: sentence-transformers
                pipeline_tag: sentence-similarity
                tags:
                - sentence-transformers
                - dense-retrieval
                - feature-extraction
                - rocketqav2
                - tandem
                """);
        if (promoted.rerankerTrained()) {
            yaml.append("- cross-encoder\n- reranker\n");
        }
        if (rankings().isEmpty()) { // by order, without an evaluation on the report queries
            return yaml.append("---").toString();
        }
        yaml.append("metrics:\n");
        shown(MetricValue.REPORT)
                .map(MetricValue::name)
                .distinct()
                .forEach(name -> yaml.append("- ").append(name).append('\n'));
        yaml.append("model-index:\n- name: \"%s\"\n  results:\n".formatted(promoted.id()));
        for (String ranking : rankings()) {
            yaml.append(
                    "  - task:\n      type: information-retrieval\n      name: \"%s\"\n    dataset:\n      type: held-out-queries\n      name: report queries\n    metrics:\n"
                            .formatted(ranking));
            shown(MetricValue.REPORT)
                    .filter(metric -> metric.ranking().equals(ranking))
                    .forEach(metric -> yaml.append(
                            "    - type: \"%s\"\n      value: %s\n".formatted(metric.name(), number(metric.value()))));
        }
        return yaml.append("---").toString();
    }

    private List<String> rankings() {
        return shown(MetricValue.REPORT)
                .map(MetricValue::ranking)
                .filter(ranking -> !ranking.equals(RankingKind.BM25.spec()))
                .distinct()
                .toList();
    }

    private Stream<MetricValue> shown(String querySet) {
        return promoted.metrics().stream()
                .filter(metric ->
                        metric.querySet().equals(querySet) && metric.slice().equals(MetricValue.ALL));
    }

    private String introduction() {
        return """
                # %s

                A dense retriever%s, trained by Tandem with dynamic listwise distillation (RocketQAv2, arXiv 2110.07367).
                Promoted %s by %s: %s

                Step %d; digest of its manifest (SHA-256): `%s`.""".formatted(
                        promoted.id(),
                        promoted.rerankerTrained() ? " and its re-ranker" : " (its re-ranker is not trained yet)",
                        promoted.promotedAt(),
                        promoted.promotedBy(),
                        promoted.reason(),
                        promoted.step(),
                        promoted.digest());
    }

    private String loading() {
        boolean tied = Files.isDirectory(checkpoint.directory().resolve("retriever"));
        String encoders = tied
                ? "queries_of = passages_of = SentenceTransformer(\"%s/retriever\")".formatted(promoted.id())
                : "queries_of = SentenceTransformer(\"%1$s/query-encoder\")\npassages_of = SentenceTransformer(\"%1$s/passage-encoder\")"
                        .formatted(promoted.id());
        String reranker = !promoted.rerankerTrained() ? "" : """

                reranker = CrossEncoder("%s/cross-encoder", max_length=%d, activation_fn=torch.nn.Identity())
                logits = reranker.predict([("a query", "title" + " " + "text")])""".formatted(promoted.id(), encoding.crossTokens());
        return """
                ## How to load it

                Queries are cut to %d tokens, passages to %d; a passage is the pair of its title and its text. Pooling %s, similarity %s.

                ```python
                import torch
                from sentence_transformers import CrossEncoder, SentenceTransformer

                %s
                queries = queries_of.encode(["a query"])
                passages = passages_of.encode([("title", "text")])
                scores = queries @ passages.T%s
                ```""".formatted(
                        encoding.queryTokens(),
                        encoding.passageTokens(),
                        encoding.pooling().name().toLowerCase(Locale.ROOT),
                        encoding.similarity() == Similarity.COSINE ? "cosine (vectors of length 1)" : "dot product",
                        encoders,
                        reranker);
    }

    private String data() {
        Optional<SavedCheckpoint> saved = history.saved(promoted.id());
        return saved.map(checkpointSaved -> """
                ## Data

                Candidate lists mined from labelled queries and clicks: %d learned from, repetitions included; newest feedback %s.
                Queries are held out by the use that their sender states, else by a hash of their text.""".formatted(
                                checkpointSaved.lists(),
                                checkpointSaved.freshestFeedbackAt() == null
                                        ? "unknown"
                                        : checkpointSaved.freshestFeedbackAt()))
                .orElse("");
    }

    private String evaluation() {
        StringBuilder text = new StringBuilder("## Evaluation\n\n");
        text.append(
                        "Values as trec_eval defines them, with 95 % bootstrap intervals over the queries. No decision has seen ")
                .append("the report queries; the gate queries are those that the promotion was decided on.\n\n")
                .append("| ranking | metric | report | gate |\n|---|---|---|---|\n");
        shown(MetricValue.GATE)
                .forEach(gate -> text.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                gate.ranking(),
                                gate.name(),
                                shown(MetricValue.REPORT)
                                        .filter(report -> report.ranking().equals(gate.ranking())
                                                && report.name().equals(gate.name()))
                                        .map(ModelCard::withInterval)
                                        .findFirst()
                                        .orElse("–"),
                                withInterval(gate))));
        text.append("\n%s queries."
                .formatted(shown(MetricValue.REPORT)
                        .mapToInt(MetricValue::queries)
                        .mapToObj("%d report"::formatted)
                        .findFirst()
                        .map(report -> report + " and " + gateQueries() + " gate")
                        .orElse(gateQueries() + " gate")));
        history.evaluated(promoted.id())
                .map(EvaluatedCheckpoint::pool)
                .ifPresent(pool -> text.append("\n\n").append(pool.words()));
        return text.toString();
    }

    private int gateQueries() {
        return shown(MetricValue.GATE).mapToInt(MetricValue::queries).max().orElse(0);
    }

    private String comparison() {
        Optional<EvaluatedCheckpoint> evaluated = history.evaluated(promoted.id())
                .filter(decided -> !decided.deltas().isEmpty());
        if (evaluated.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("### Against the champion before, %s\n\n"
                        .formatted(evaluated.get().champion()))
                .append(
                        "| ranking | metric | difference | p | p (Holm) | win / tie / loss |\n|---|---|---|---|---|---|\n");
        for (MetricDelta delta : evaluated.get().deltas()) {
            text.append("| %s%s | %s | %s (%s to %s) | %s | %s | %d / %d / %d |\n"
                    .formatted(
                            delta.ranking(),
                            delta.slice().equals(MetricValue.ALL) ? "" : ", " + delta.slice(),
                            delta.name(),
                            signed(delta.delta()),
                            signed(delta.low()),
                            signed(delta.high()),
                            number(delta.pValue()),
                            number(delta.adjustedPValue()),
                            delta.wins(),
                            delta.ties(),
                            delta.losses()));
        }
        return text.append("\nPaired randomization test on the same gate queries.")
                .toString();
    }

    private String lineage() {
        StringBuilder text =
                new StringBuilder("## Lineage\n\n| checkpoint | step | stage | became |\n|---|---|---|---|\n");
        history.lineage(promoted.id())
                .forEach(saved -> text.append("| %s | %d | %s | %s |\n"
                        .formatted(
                                saved.id(),
                                saved.step(),
                                saved.stage().toLowerCase(Locale.ROOT).replace('_', ' '),
                                history.evaluated(saved.id())
                                        .map(decided ->
                                                decided.decision().name().toLowerCase(Locale.ROOT))
                                        .orElse("undecided"))));
        return text.append("\nEach was trained from the one below it.").toString();
    }

    private String recipe() {
        if (recipe.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("## Recipe\n\n```properties\n");
        recipe.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.append("```").toString();
    }

    private static String withInterval(MetricValue metric) {
        return "%s (%s to %s)".formatted(number(metric.value()), number(metric.low()), number(metric.high()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }
}
