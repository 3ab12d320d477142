package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.InitialModels;
import dev.tandem.trainer.TrainerConfig;
import dev.tandem.trainer.TrainingSettings;
import dev.tandem.trainer.offline.Layout;
import dev.tandem.trainer.offline.ListFiles;
import dev.tandem.trainer.offline.RunDirectory;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = {
            "Train retriever and re-ranker from files of candidate lists: the very loop of the trainer, without a broker.",
            "Run again with the same --out, it goes on from the newest checkpoint there, with the same result as if it had never stopped."
        },
        footer = {
            "%nLayouts of --lists, told from the first line; .zst and .gz are decompressed:",
            "  tandem         {\"query\": \"…\", \"candidates\":",
            "                   [{\"role\": \"positive\", \"id\": \"p4\", \"text\": \"…\"}, …]}",
            "  rocketqa       query, title, passage and label (0 or 1), tab-separated;",
            "                   consecutive rows of one query are a list",
            "  flagembedding  {\"query\": \"…\", \"pos\": [\"…\"], \"neg\": [\"…\"]}",
            "  tevatron       {\"query_id\": \"7\", \"query\": \"…\", \"positive_passages\":",
            "                   [{\"docid\": \"4\", \"text\": \"…\"}], \"negative_passages\": […]}",
            "Of several positives the first is learned from. A later list of the same query",
            "supersedes an earlier one.",
            "%nThe shortest call:",
            "  tandem train --lists lists.jsonl.zst --init bert-base-uncased --out run",
            "Small models with random weights (tandem models) want higher rates:",
            "  --set retriever-warm-up.rate=1e-3 --set reranker-warm-up.rate=1e-3",
            "  --set reranker-warm-up.easy-steps=400 --set joint.retriever-rate=1e-4",
            "%nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but some lines were refused."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--lists",
            paramLabel = "FILE",
            required = true,
            description = "Candidate lists, in one of the layouts below; repeatable, read in this order.")
    private List<Path> lists;

    @Option(
            names = "--format",
            paramLabel = "LAYOUT",
            converter = LayoutName.class,
            description =
                    "Layout of all files: tandem, rocketqa, flagembedding or tevatron (default: each first line tells).")
    private Optional<Layout> layout = Optional.empty();

    @Option(
            names = "--most-refused",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description =
                    "Stop before training if a larger share of the lines is refused, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double mostRefused;

    @Option(
            names = "--init",
            paramLabel = "DIR",
            description = {
                "Models to begin from: a checkpoint in the Hugging Face layout (config.json), or an initial directory or checkpoint of Tandem (encoding.json).",
                "Needed until --out holds a checkpoint that is whole."
            })
    private Optional<Path> init;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory of the run: checkpoints/, losses.html, losses.jsonl.")
    private Path out;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "End after N updates in all, those before a restart included (default: when the recipe's stages are over).")
    private long steps;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "200",
            description =
                    "Updates from one checkpoint to the next; each stage's end and Ctrl-C save one too (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "3",
            description = "Newest checkpoints that are kept (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Option(
            names = "--device",
            paramLabel = "WHERE",
            defaultValue = "auto",
            description =
                    "auto (the first GPU if PyTorch sees one, else the CPU), cpu or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--precision",
            paramLabel = "HOW",
            defaultValue = "auto",
            description =
                    "fp32, bf16 with float32 weights, or auto, which is bf16 on a GPU and fp32 on a CPU (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Mixin
    private RecipeOptions recipe;

    @Option(names = "--json", description = "Print the result as one JSON line, last; all else goes to stderr.")
    private boolean json;

    @ArgGroup(validate = false, heading = "%nOf models that are made of a Hugging Face checkpoint:%n")
    private EncodingOptions encoding = new EncodingOptions();

    @Spec
    private CommandSpec spec;

    /** A layout by the name users know. */
    static final class LayoutName implements ITypeConverter<Layout> {
        @Override
        public Layout convert(String name) {
            for (Layout layout : Layout.values()) {
                if (layout.label().equals(name.toLowerCase(Locale.ROOT))) {
                    return layout;
                }
            }
            throw new IllegalArgumentException(
                    "expected tandem, rocketqa, flagembedding or tevatron, got \"%s\"".formatted(name));
        }
    }

    @Override
    public Integer call() throws IOException {
        requireOptionsInRange();
        TrainingRecipe chosen = chosenRecipe();
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter shown = json ? err : spec.commandLine().getOut();
        try (RunDirectory directory = RunDirectory.take(out)) {
            TrainingSettings settings = settings(initial(directory, chosen.seed()));
            ListFiles files = read(err);
            int status = Summary.print(shown, err, false, "lists", files.lists(), 0, files.refusals());
            TrainOnFiles run = new TrainOnFiles(directory, files, chosen, settings, shown);
            run.train();
            if (json) {
                spec.commandLine().getOut().println(run.result());
            }
            return status;
        }
    }

    private void requireOptionsInRange() {
        require(steps >= 0, "--steps of 0 and more", steps);
        require(checkpointEvery >= 1, "--checkpoint-every of 1 and more", checkpointEvery);
        require(keep >= 1, "--keep of 1 and more", keep);
        require(mostRefused >= 0 && mostRefused <= 1, "--most-refused between 0 and 1", mostRefused);
    }

    private void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), "Expected %s, got %s".formatted(expected, found));
        }
    }

    private TrainingRecipe chosenRecipe() throws IOException {
        try {
            return recipe.recipe();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Path initial(RunDirectory directory, long seed) throws IOException {
        if (directory.resumed().isPresent()) {
            return directory.initial(); // not read: the run goes on from its checkpoint
        }
        require(init.isPresent(), "--init DIR: there is no checkpoint to go on from in " + out, "none");
        return InitialModels.of(init.orElseThrow(), directory.initial(), encoding.encoding(), seed);
    }

    private TrainingSettings settings(Path initial) {
        Map<String, String> settings = Map.of(
                "trainer.init", initial.toString(),
                "trainer.checkpoint-every-steps", String.valueOf(checkpointEvery),
                "trainer.keep", String.valueOf(keep),
                "trainer.device", device,
                "trainer.precision", precision);
        try {
            return TrainerConfig.of(settings)
                    .asSettings(System.currentTimeMillis())
                    .endingAfter(steps);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private ListFiles read(PrintWriter err) throws IOException {
        try (Counter counter = new Counter(err, "lists read")) {
            return ListFiles.read(lists, layout, mostRefused, counter::more);
        }
    }
}
