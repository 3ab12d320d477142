package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.events.KafkaSettings;
import dev.tandem.quickstart.doctor.BrokerCheck;
import dev.tandem.quickstart.doctor.Finding;
import dev.tandem.quickstart.doctor.Finding.Level;
import dev.tandem.quickstart.doctor.MachineCheck;
import dev.tandem.quickstart.doctor.RegistryCheck;
import dev.tandem.quickstart.doctor.StoreCheck;
import dev.tandem.retrieval.checkpoint.StoreSettings;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = {
            "Look at this machine, a Kafka broker, a schema registry and a checkpoint store, and say what to mend. It changes nothing.",
            "Exit status 1 if something keeps Tandem from working."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private RunningRing ring = new RunningRing();

    @Mixin
    private BrokerOptions brokerOptions = new BrokerOptions();

    @Option(
            names = "--store",
            paramLabel = "PLACE",
            description = "Checkpoint store: a directory, or s3://bucket/prefix.")
    private String store;

    @Option(names = "--store-endpoint", paramLabel = "URL", description = "Server of a store in S3, if not AWS.")
    private URI storeEndpoint;

    @Option(names = "--store-region", paramLabel = "REGION", description = "Region of a store in S3.")
    private String storeRegion;

    @Option(names = "--json", description = "Print one JSON line.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(new MachineCheck(ring.home()).findings());
        Optional<KafkaSettings> broker = brokerOptions.kafka(ring.home());
        broker.ifPresent(kafka -> findings.addAll(new BrokerCheck(kafka).findings()));
        broker.map(KafkaSettings::events)
                .filter(events -> events.registry().isPresent())
                .ifPresent(events -> findings.add(new RegistryCheck(events).finding()));
        if (store != null) {
            findings.add(new StoreCheck(new StoreSettings(
                            store,
                            ring.home().resolve("doctor-cache"),
                            Optional.ofNullable(storeEndpoint),
                            Optional.ofNullable(storeRegion),
                            Optional.empty()))
                    .finding());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(findings));
        } else {
            findings.forEach(finding -> out.println(asText(finding)));
            if (broker.isEmpty()) {
                out.println("  ?   broker     not looked at: name one by --bootstrap-servers HOST:PORT");
            }
            if (store == null) {
                out.println("  ?   store      not looked at: name one by --store PLACE");
            }
        }
        out.flush();
        return findings.stream().anyMatch(finding -> finding.level() == Level.PROBLEM) ? 1 : 0;
    }

    private static String asText(Finding finding) {
        String mark =
                switch (finding.level()) {
                    case FINE -> "ok ";
                    case WARNING -> "!  ";
                    case PROBLEM -> "!!!";
                };
        String line = "  %s %-10s %s".formatted(mark, finding.what(), finding.found());
        return finding.advice().isEmpty() ? line : "%s%n                 → %s".formatted(line, finding.advice());
    }

    private static String asJson(List<Finding> findings) {
        ArrayNode lines = new JsonMapper().createArrayNode();
        for (Finding finding : findings) {
            ObjectNode line = lines.addObject();
            line.put("level", finding.level().name().toLowerCase(Locale.ROOT))
                    .put("what", finding.what())
                    .put("found", finding.found())
                    .put("advice", finding.advice());
        }
        return new JsonMapper().createObjectNode().set("findings", lines).toString();
    }
}
