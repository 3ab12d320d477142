package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.offline.QrelsFile;
import dev.tandem.evaluator.offline.RunFile;
import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        description = {
            "Measure a run file, or a model on a collection, as trec_eval does.",
            "A mean is over all judged queries; one that is not answered counts 0. With --baseline, each metric is compared with another run's on the same queries, by the test that decides promotions."
        },
        footer = {
            "%nFiles, .gz and .zst are decompressed:",
            "  runs       query Q0 passage rank score tag, or {\"query\": {\"passage\": score}}",
            "  qrels      query 0 passage grade, or BEIR's query, passage, grade with a header",
            "  models     a checkpoint of Tandem (retriever, re-ranker, both fused), an",
            "             initial directory, or a directory of sentence-transformers",
            "  data       BEIR's layout: corpus.jsonl, queries.jsonl, qrels/test.tsv",
            "%nExamples:",
            "  tandem evaluate --run bm25.run.gz --qrels test.tsv --metrics mrr@10,recall@100",
            "  tandem evaluate --model run/checkpoints/step-400 --data scifact",
            "      --baseline bm25.run.gz --per-query queries.tsv --save-run model.run.gz",
            "%nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but some lines of the collection were refused.",
            "A line of a run or of judgements that cannot be read is a failure."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    @Option(names = "--run", paramLabel = "FILE", description = "The run to measure.")
    private Optional<Path> run = Optional.empty();

    @Option(names = "--qrels", paramLabel = "FILE", description = "Its judgements.")
    private Optional<Path> qrels = Optional.empty();

    @Option(names = "--model", paramLabel = "DIR", description = "Or: the model to measure, BM25 beside it.")
    private Optional<Path> model = Optional.empty();

    @Option(names = "--data", paramLabel = "DIR", description = "The collection to measure it on.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "test",
            description = "Which of its judgements: qrels/NAME.tsv (default: ${DEFAULT-VALUE}).")
    private String split;

    @Option(
            names = "--metrics",
            paramLabel = "NAME@K",
            split = ",",
            converter = MetricName.class,
            defaultValue = "mrr@10,ndcg@10,recall@100,success@5,map",
            description = "mrr, ndcg, recall, success or p with a cutoff, or map (default: ${DEFAULT-VALUE}).")
    private List<Metric> metrics;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "50",
            description = "Passages re-ranked per query; the others stand below them (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(
            names = "--ranking",
            paramLabel = "WHICH",
            converter = RankingName.class,
            description = {
                "The ranking that --save-run writes, --baseline is compared with and \"metrics\" of --json holds: bm25, retriever, reranker or fused",
                "(default: what a search serves, fused where there is a trained re-ranker, else retriever)."
            })
    private Optional<RankingKind> ranking = Optional.empty();

    @Option(names = "--baseline", paramLabel = "FILE", description = "Run to compare with.")
    private Optional<Path> baseline = Optional.empty();

    @Option(names = "--per-query", paramLabel = "FILE", description = "Write each query's values, tab-separated.")
    private Optional<Path> perQuery = Optional.empty();

    @Option(names = "--save-run", paramLabel = "FILE", description = "Write the run: TREC's lines, or BEIR's .json.")
    private Optional<Path> saveRun = Optional.empty();

    @Option(
            names = "--device",
            paramLabel = "WHERE",
            defaultValue = "auto",
            description = "Of a model: auto, cpu or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--precision",
            paramLabel = "HOW",
            defaultValue = "auto",
            converter = PrecisionName.class,
            description = "Of a model: fp32, bf16 or auto (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(names = "--json", description = "Print one JSON line, and nothing else, on stdout.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A metric by its name. */
    static final class MetricName implements ITypeConverter<Metric> {
        @Override
        public Metric convert(String name) {
            return Metric.parse(name);
        }
    }

    /** A ranking by its name. */
    static final class RankingName implements ITypeConverter<RankingKind> {
        @Override
        public RankingKind convert(String name) {
            return List.of(RankingKind.BM25, RankingKind.RETRIEVER, RankingKind.RERANKER, RankingKind.FUSED).stream()
                    .filter(kind -> kind.spec().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "expected bm25, retriever, reranker or fused, got \"%s\"".formatted(name)));
        }
    }

    /** A precision by its name. */
    static final class PrecisionName implements ITypeConverter<Precision> {
        @Override
        public Precision convert(String name) {
            return Precision.valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    @Override
    public Integer call() throws IOException {
        requireUsage();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Evaluated evaluated = model.isPresent() ? ofModel(err) : ofRun();
        Optional<BaselineComparison> comparison = Optional.empty();
        if (baseline.isPresent()) {
            comparison =
                    Optional.of(BaselineComparison.of(evaluated, baseline.get(), readRun(baseline.get()), metrics));
        }
        if (perQuery.isPresent()) {
            PerQueryFile.write(perQuery.get(), evaluated, comparison, metrics);
        }
        if (saveRun.isPresent()) {
            RunFile.write(saveRun.get(), evaluated.headline(), "tandem");
        }
        out.println(
                json
                        ? EvaluationText.json(evaluated, comparison, metrics)
                        : EvaluationText.table(evaluated, comparison, metrics));
        out.flush();
        return evaluated.refusals().count() == 0 ? 0 : Summary.SOME_REFUSED;
    }

    private void requireUsage() {
        require(run.isPresent() != model.isPresent(), "either --run or --model");
        require(run.isPresent() == qrels.isPresent(), "--run and --qrels together");
        require(model.isPresent() == data.isPresent(), "--model and --data together");
        require(model.isPresent() || ranking.isEmpty(), "--ranking only with --model");
        require(depth >= 2 && depth <= 1000, "--depth of 2 to 1000");
        require(metrics.stream().distinct().count() == metrics.size(), "each metric once");
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), "Expected " + expected);
        }
    }

    private Evaluated ofRun() throws IOException {
        Qrels judged = readQrels(qrels.orElseThrow());
        Run read = readRun(run.orElseThrow());
        return Evaluated.of(Map.of(RankingKind.RUN, read), RankingKind.RUN, judged, metrics, new Refusals());
    }

    private Evaluated ofModel(PrintWriter err) throws IOException {
        Refusals refusals = new Refusals();
        JudgedCollection collection = JudgedCollection.read(data.orElseThrow(), split, refusals);
        refusals.first().forEach(err::println);
        err.flush();
        Map<RankingKind, Run> runs = collection.rank(model.orElseThrow(), compute(), metrics, depth, err);
        RankingKind served = runs.containsKey(RankingKind.FUSED) ? RankingKind.FUSED : RankingKind.RETRIEVER;
        RankingKind wanted = ranking.orElse(served);
        require(runs.containsKey(wanted), "--ranking bm25 or retriever, for this model has no trained re-ranker");
        return Evaluated.of(runs, wanted, collection.qrels(), metrics, refusals);
    }

    private Compute compute() {
        try {
            return Compute.of(device, precision);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static Run readRun(Path file) throws IOException {
        Refusals refusals = new Refusals();
        Run read = RunFile.read(file, refusals);
        requireNone(refusals, "run", file);
        return read;
    }

    private static Qrels readQrels(Path file) throws IOException {
        Refusals refusals = new Refusals();
        Qrels read = QrelsFile.read(file, refusals);
        requireNone(refusals, "judgements", file);
        if (read.grades().isEmpty()) {
            throw new Failure("Expected judgements in %s, found none".formatted(file));
        }
        return read;
    }

    private static void requireNone(Refusals refusals, String what, Path file) {
        if (refusals.count() > 0) {
            throw new Failure(
                    "%s%n%d lines of the %s in %s cannot be read; mend or remove them, for numbers without them would mean something else."
                            .formatted(
                                    String.join(System.lineSeparator(), refusals.first()),
                                    refusals.count(),
                                    what,
                                    file));
        }
    }
}
