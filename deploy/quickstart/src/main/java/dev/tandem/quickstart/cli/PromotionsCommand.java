package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.Topic;
import dev.tandem.events.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
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

    private final Topic<CheckpointPromoted> topic = new Topics().promotions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<TopicPartition> partitions = List.of(new TopicPartition(topic.name(), 0));
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        connection.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).get(partitions.get(0));
            while (follow || consumer.position(partitions.get(0)) < end) {
                for (ConsumerRecord<String, byte[]> promotion : consumer.poll(Duration.ofMillis(500))) {
                    print(out, promotion);
                }
                out.flush();
            }
        }
        return 0;
    }

    private void print(PrintWriter out, ConsumerRecord<String, byte[]> promotion) {
        try {
            CheckpointPromoted event = topic.read(promotion.value());
            out.println(json ? asJson(event) : asText(event));
        } catch (SerializationException e) {
            spec.commandLine().getErr().printf("promotions offset %d: %s%n", promotion.offset(), e.getMessage());
        }
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
