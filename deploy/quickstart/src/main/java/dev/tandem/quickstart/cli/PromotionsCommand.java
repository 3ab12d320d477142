package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.quickstart.feed.PromotionWatch;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        try (PromotionWatch watch = new PromotionWatch(connection.bootstrapServers())) {
            long end = watch.end();
            while (follow || watch.position() < end) {
                watch.poll(
                        Duration.ofMillis(500),
                        promotion -> out.println(json ? asJson(promotion) : asText(promotion)),
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

    private static String asJson(CheckpointPromoted event) {
        ObjectNode line = new JsonMapper()
                .createObjectNode()
                .put("checkpoint", event.getCheckpointId())
                .put("step", event.getStep())
                .put("uri", event.getUri())
                .put("digest", event.getDigest())
                .put("rerankerTrained", event.getRerankerTrained())
                .put("previousChampion", event.getPreviousChampion())
                .put("reason", event.getReason())
                .put("promotedBy", event.getPromotedBy())
                .put("frozen", event.getFrozen())
                .put("promotedAt", event.getPromotedAt().toString());
        ObjectNode metrics = line.putObject("metrics");
        event.getMetrics().stream()
                .filter(metric -> metric.getSlice().equals("all"))
                .collect(Collectors.groupingBy(metric -> metric.getQuerySet()))
                .forEach((set, values) -> values.forEach(metric -> metrics.withObjectProperty(set)
                        .withObjectProperty(metric.getRanking())
                        .put(metric.getName(), metric.getValue())));
        return line.toString();
    }
}
