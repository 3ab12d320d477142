package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.scoring.BrokenModelException;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.encoder.InvalidModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The command line. Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but some lines were refused. */
@Command(
        name = "tandem",
        description = "Keeps a dense retriever and a re-ranker in training while queries and clicks keep coming.",
        mixinStandardHelpOptions = true,
        versionProvider = Tandem.Version.class,
        footer = "%nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but some lines were refused.",
        subcommands = {
            QuickstartCommand.class,
            StatusCommand.class,
            LoadCommand.class,
            QueriesCommand.class,
            ClicksCommand.class,
            PromotionsCommand.class,
            SearchCommand.class,
            CorpusCommand.class,
            ModelsCommand.class,
            MineCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            AblationCommand.class,
            DoctorCommand.class,
            DrillCommand.class,
            GenerateCompletion.class,
            HelpCommand.class
        })
public final class Tandem {
    private Tandem() {}

    /** As the build wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tandem.class.getPackage().getImplementationVersion();
            return new String[] {"tandem " + (version == null ? "(not packaged)" : version)};
        }
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** All commands; what they print goes where its caller sets. */
    public static CommandLine commandLine() {
        return new CommandLine(new Tandem())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Tandem::explain);
    }

    /** One sentence where a sentence says it all; the whole trace for what nobody foresaw. */
    private static int explain(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        if (e instanceof Failure
                || e instanceof KafkaException
                || e instanceof IllegalStateException
                || e instanceof UncheckedIOException
                || e instanceof InvalidModelException
                || e instanceof CheckpointCorruptedException
                || e instanceof BrokenModelException) {
            command.getErr().println(e.getMessage());
        } else if (e instanceof IOException) {
            command.getErr()
                    .println(
                            e instanceof java.nio.file.NoSuchFileException
                                    ? "Expected a file %s, found none.".formatted(e.getMessage())
                                    : e.getMessage());
        } else {
            throw e;
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
