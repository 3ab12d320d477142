package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.Preparation;
import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.ablation.AblationOptions;
import dev.tandem.quickstart.ablation.AblationRun;
import dev.tandem.quickstart.ablation.Split;
import dev.tandem.quickstart.ablation.StudySettings;
import dev.tandem.quickstart.ablation.Variant;
import dev.tandem.quickstart.ring.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "ablation",
        description = {
            "Measure what each part of the method is worth, on one corpus: variants of the joint training from the same warm start, with the same steps.",
            "Each result is kept at once; the same command goes on where it was stopped."
        },
        footer = {
            "%nVariants: warm, full, static, pointwise, undenoised, length-8, length-32, paper,",
            "released-code, ensemble, separate (the retriever by in-batch and hard negatives, the re-ranker",
            "by cross entropy, no distillation). Two that the recipe makes the same are trained once.",
            "%nTo tune a recipe, stage by stage:",
            "  tandem ablation DATA --out tuning --split dev --seeds 1 --variants full,separate \\",
            "    --measure-every 50 --set trainer.recipe.joint.retriever-rate=2e-4"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class AblationCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DATA",
            description = "Corpus in BEIR layout; the quickstart's own is written by tandem corpus DATA.")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory of models, lists, results.jsonl and table.md.")
    private Path out;

    @Option(
            names = "--variants",
            paramLabel = "NAME",
            split = ",",
            converter = VariantName.class,
            description = "What to train, separated by commas (default: all).")
    private List<Variant> variants = List.of(Variant.values());

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            defaultValue = "separate",
            converter = VariantName.class,
            description = "The variant that the others are compared with (default: ${DEFAULT-VALUE}).")
    private Variant baseline;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Train each with the seeds 1 to N (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(names = "--steps", paramLabel = "N", description = "Steps from the warm start (default: 120).")
    private Optional<Integer> steps = Optional.empty();

    @Option(
            names = "--split",
            paramLabel = "WHICH",
            defaultValue = "test",
            converter = SplitName.class,
            description =
                    "test measures the held-out queries; dev a tenth of the training queries, which are then not trained on, for choices (default: test).")
    private Split split;

    @Option(
            names = "--labelled-share",
            paramLabel = "SHARE",
            defaultValue = "1",
            description =
                    "Share of the training queries whose labels may be used; the others are unlabelled, as most of a live stream is (default: all).")
    private double labelledShare;

    @Option(
            names = "--init",
            paramLabel = "DIR",
            description = "Hugging Face checkpoint or initial directory to begin from, instead of random weights.")
    private Optional<Path> init = Optional.empty();

    @Option(
            names = "--measure-every",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Measure every N steps on the way as well, the warm-ups included (default: at the end alone).")
    private int measureEvery;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting, as trainer.recipe.joint.lists=32 or miner.rerank-depth=30; repeatable. The quickstart's are the defaults.")
    private Map<String, String> settings = Map.of();

    @Option(names = "--json", description = "Print the table as one JSON line, last; all else goes to stderr.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A variant by the name users know. */
    static final class VariantName implements ITypeConverter<Variant> {
        @Override
        public Variant convert(String name) {
            for (Variant variant : Variant.values()) {
                if (variant.label().equals(name.strip().toLowerCase(Locale.ROOT))) {
                    return variant;
                }
            }
            throw new IllegalArgumentException(
                    "expected some of %s, got \"%s\"".formatted(List.of(Variant.values()), name));
        }
    }

    /** A split by the name users know. */
    static final class SplitName implements ITypeConverter<Split> {
        @Override
        public Split convert(String name) {
            for (Split split : Split.values()) {
                if (split.name().equalsIgnoreCase(name.strip())) {
                    return split;
                }
            }
            throw new IllegalArgumentException("expected test or dev, got \"%s\"".formatted(name));
        }
    }

    @Override
    public Integer call() throws IOException {
        require(seeds >= 1, "--seeds of 1 and more", seeds);
        require(labelledShare > 0 && labelledShare <= 1, "--labelled-share above 0 and at most 1", labelledShare);
        require(measureEvery >= 0, "--measure-every of 0 and more", measureEvery);
        require(
                variants.contains(baseline)
                        || !spec.commandLine().getParseResult().hasMatchedOption("--baseline"),
                "--baseline among --variants",
                baseline);
        StudySettings chosen = chosenSettings();
        PrintWriter shown =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        Screen screen = new Screen(shown, Boolean.getBoolean("tandem.terminal"));
        var corpus = new Preparation(Settings.quickstart(), screen::say).corpusOf(data);
        AblationRun run = new AblationRun(
                corpus,
                chosen,
                new AblationOptions(out, variants, baseline, seeds, split, labelledShare, init, measureEvery),
                screen);
        run.run();
        if (json) {
            spec.commandLine().getOut().println(run.json());
        }
        return 0;
    }

    private void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), "Expected %s, got %s".formatted(expected, found));
        }
    }

    private StudySettings chosenSettings() {
        try {
            return StudySettings.of(
                    init, steps.isPresent() ? OptionalInt.of(steps.get()) : OptionalInt.empty(), settings);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
