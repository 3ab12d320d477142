package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.PromotionLine;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.quickstart.feed.PromotionWatch;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "promotions",
        description = "List the promotions so far, oldest first.",
        mixinStandardHelpOptions = true)
final class PromotionsCommand implements Callable<Integer> {
    @Option(names = "--follow", description = "Go on with those that come, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", description = "Print each as one JSON line.")
    private boolean json;

    @Mixin
    private Connection connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (PromotionWatch watch = new PromotionWatch(connection.kafka())) {
            long end = watch.end();
            while (follow || watch.position() < end) {
                watch.poll(
                        Duration.ofMillis(500),
                        promotion -> out.println(json ? PromotionLine.of(promotion) : asText(promotion)),
                        err::println);
                out.flush();
            }
        }
        return 0;
    }

    private static String asText(CheckpointPromoted event) {
        return "%s  %s  step %d  %s"
                .formatted(event.getPromotedAt(), event.getCheckpointId(), event.getStep(), event.getReason());
    }
}
