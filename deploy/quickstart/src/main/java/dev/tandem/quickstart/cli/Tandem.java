package dev.tandem.quickstart.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
        name = "tandem",
        description = "Keeps a dense retriever and a re-ranker in training while queries and clicks keep coming.",
        mixinStandardHelpOptions = true,
        subcommands = {CorpusCommand.class, HelpCommand.class})
public final class Tandem {
    private Tandem() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Tandem()).execute(arguments));
    }
}
