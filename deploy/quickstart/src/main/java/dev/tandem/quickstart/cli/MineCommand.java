package dev.tandem.quickstart.cli;

import dev.tandem.miner.MinerConfig;
import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "mine",
        description = {
            "Mine candidate lists from a collection, without a broker: the very code of the miner.",
            "Held-out queries, those of qrels/test.tsv (or dev.tsv), are never mined, unless --split names them."
        },
        footer = {
            "%nExamples:",
            "  tandem mine --data scifact --out lists.jsonl.zst",
            "      lists mined with BM25, for a first training",
            "  tandem mine --data scifact --model checkpoints/run-400 --out lists.jsonl.zst",
            "      --set list-length=32 --set retrieve-depth=200 --report",
            "  tandem mine --data scifact --model checkpoints/run-400 --explain 42",
            "      the lists of one query, to be read",
            "  tandem train --lists lists.jsonl.zst --init bert-base-uncased --out run",
            "      learns from them",
            "%nOf the miner's settings (--set) these say how lists are made:",
            "  retrieve-depth (100), rerank-depth (50), list-length (8), seed (1),",
            "  denoising.negative-below (0.1), denoising.positive-above (0.9)",
            "and these where models compute: device, precision (auto).",
            "%nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but some lines of the",
            "collection were refused."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class MineCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "Collection in BEIR's layout: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv.")
    private Path data;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Checkpoint that mines; denoised lists need a trained re-ranker in it (default: BM25).")
    private Optional<Path> model = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File of the lists, one JSON object a line; .zst and .gz are compressed.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "train",
            description = "Whose queries: those of qrels/NAME.tsv (default: ${DEFAULT-VALUE}).")
    private String split;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Mine N queries at most, drawn by the seed (default: all).")
    private Optional<Integer> limit = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the miner, as list-length=32 or miner.list-length=32; repeatable.")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--report",
            description =
                    "Tell also how many negatives are relevant: of queries with several positives all but one are hidden, and looked for in lists made for this alone.")
    private boolean report;

    @Option(
            names = "--explain",
            paramLabel = "QUERY",
            description = "Print the lists of one query, by its id or its text.")
    private Optional<String> explain = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        require(out.isPresent() || report || explain.isPresent(), "--out FILE, --report or --explain QUERY");
        require(explain.isEmpty() || (out.isEmpty() && !report), "--explain without --out and --report");
        require(limit.orElse(1) >= 1, "--limit of 1 and more");
        MinerConfig config = config();
        MiningSettings mined = checked(config::asMining);
        Compute compute = checked(() -> Compute.of(config.device(), config.precision()));
        PrintWriter err = spec.commandLine().getErr();
        Refusals refusals = new Refusals();
        Corpus corpus = new BeirDirectory(data).read(split, refusals);
        refusals.first().forEach(err::println);
        err.flush();
        MineOnFiles mining = new MineOnFiles(corpus, mined, spec.commandLine().getOut(), err);
        if (explain.isPresent()) {
            mining.explain(model, compute, explain.get());
        } else {
            mining.mine(model, compute, out, limit.orElse(Integer.MAX_VALUE), report);
        }
        if (refusals.count() > 0) {
            err.printf("%d lines of %s were refused%n", refusals.count(), data);
            err.flush();
        }
        return refusals.count() == 0 ? 0 : Summary.SOME_REFUSED;
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), "Expected " + expected);
        }
    }

    private MinerConfig config() {
        Map<String, String> named = new HashMap<>();
        settings.forEach((key, value) -> named.put(key.startsWith("miner.") ? key : "miner." + key, value));
        return checked(() -> MinerConfig.of(named));
    }

    /** A setting that cannot be is wrong usage. */
    private <T> T checked(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
