package dev.tandem.quickstart.ring;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.quickstart.process.ChildProcess;
import java.net.URI;
import java.util.Optional;

/** A running service: its process, and what it answers. */
public final class ServiceProcess {
    private final ChildProcess process;
    private final ServiceClient client;

    ServiceProcess(ChildProcess process, URI address) {
        this.process = process;
        this.client = new ServiceClient(address);
    }

    public URI address() {
        return client.address();
    }

    public ChildProcess process() {
        return process;
    }

    /** Whether its web server answers. */
    public boolean answers() {
        return client.answers();
    }

    /** What {@code GET /progress} says; empty while it does not answer, as during a restart. */
    public Optional<JsonNode> progress() {
        return client.progress();
    }

    /** The JSON at a path; empty if it does not answer 200, or not in time. */
    public Optional<JsonNode> get(String path) {
        return client.get(path);
    }
}
