package dev.tandem.quickstart.home;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where a running quickstart is reached; a small file in the home directory tells the other commands.
 *
 * @param pid process id of the launcher
 * @param bootstrapServers the broker
 * @param miner address of the service, as the two after it
 */
public record RunningQuickstart(long pid, String bootstrapServers, URI miner, URI trainer, URI evaluator) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FILE = "running.json";

    /** Tells the other commands. */
    public void announce(Path home) throws IOException {
        ObjectNode object = JSON.createObjectNode()
                .put("pid", pid)
                .put("bootstrapServers", bootstrapServers)
                .put("miner", miner.toString())
                .put("trainer", trainer.toString())
                .put("evaluator", evaluator.toString());
        Path aside = home.resolve(FILE + ".part");
        Files.writeString(aside, object.toPrettyString() + "\n");
        Files.move(aside, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** No longer running. */
    public static void withdraw(Path home) throws IOException {
        Files.deleteIfExists(home.resolve(FILE));
    }

    /** The one that runs now, if any: a file left behind by a killed launcher does not count. */
    public static Optional<RunningQuickstart> find(Path home) {
        Path file = home.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode object = JSON.readTree(file.toFile());
            RunningQuickstart found = new RunningQuickstart(
                    object.path("pid").asLong(),
                    object.path("bootstrapServers").asText(),
                    URI.create(object.path("miner").asText()),
                    URI.create(object.path("trainer").asText()),
                    URI.create(object.path("evaluator").asText()));
            return ProcessHandle.of(found.pid()).filter(ProcessHandle::isAlive).map(alive -> found);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // as good as none: it is written whole or not at all
        }
    }
}
