package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.quickstart.ProgressLine;
import dev.tandem.quickstart.home.RunningQuickstart;
import dev.tandem.quickstart.ring.ServiceClient;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = {
            "Say where the running quickstart is reached, and how far each service is.",
            "Exit status 1 if one of them does not answer."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private RunningRing ring = new RunningRing();

    @Option(names = "--json", description = "Print what each service says of itself, as one JSON line.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RunningQuickstart running = ring.find().orElseThrow(() -> ring.missing(""));
        Map<String, URI> addresses = new LinkedHashMap<>();
        addresses.put("miner", running.miner());
        addresses.put("trainer", running.trainer());
        addresses.put("evaluator", running.evaluator());
        Map<String, Optional<JsonNode>> said = new LinkedHashMap<>();
        addresses.forEach((service, address) -> said.put(service, new ServiceClient(address).progress()));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(running, said));
        } else {
            out.println(line("dashboard", running.evaluator(), ""));
            out.println(line("kafka", running.bootstrapServers(), ""));
            said.forEach((service, progress) -> out.println(line(
                    service, addresses.get(service), progress.map(told(service)).orElse("does not answer"))));
        }
        out.flush();
        return said.values().stream().allMatch(Optional::isPresent) ? 0 : 1;
    }

    private static String line(String what, Object where, String told) {
        return "%-10s %-26s %s".formatted(what, where, told).stripTrailing();
    }

    private static Function<JsonNode, String> told(String service) {
        return switch (service) {
            case "miner" -> ProgressLine::feedback;
            case "trainer" -> ProgressLine::trained;
            default -> progress -> "%s; champion %s".formatted(ProgressLine.evaluated(progress), champion(progress));
        };
    }

    private static String champion(JsonNode evaluator) {
        return evaluator.path("champion").asText("none yet, BM25 answers");
    }

    private static String asJson(RunningQuickstart running, Map<String, Optional<JsonNode>> said) {
        ObjectNode line = new JsonMapper()
                .createObjectNode()
                .put("dashboard", running.evaluator().toString())
                .put("kafka", running.bootstrapServers());
        said.forEach((service, progress) -> line.set(service, progress.orElse(null)));
        return line.toString();
    }
}
