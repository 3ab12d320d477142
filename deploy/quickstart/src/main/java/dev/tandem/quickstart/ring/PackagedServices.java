package dev.tandem.quickstart.ring;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build leaves the services. */
final class PackagedServices {
    private PackagedServices() {}

    /** The runnable jar of a service, beside its libraries. */
    static Path jar(Service service) {
        Path jar = repository()
                .resolve(service.label() + "-service")
                .resolve(Path.of("target", "quarkus-app", "quarkus-run.jar"));
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "Expected the packaged %s at %s, found none. Build it by `mvn package`, or start by `./tandem`, which builds."
                            .formatted(service.label(), jar));
        }
        return jar;
    }

    /** The directory above this module's own jar or classes that holds the services. */
    private static Path repository() {
        try {
            Path code = Path.of(PackagedServices.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            for (Path directory = code.getParent(); directory != null; directory = directory.getParent()) {
                if (Files.exists(directory.resolve("miner-service"))) {
                    return directory;
                }
            }
            throw new IllegalStateException(
                    "Expected the repository's miner-service above %s, found none".formatted(code));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The location of this program is no file", e);
        }
    }
}
