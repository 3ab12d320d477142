package dev.tandem.quickstart.process;

import static java.util.Objects.requireNonNull;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a child JVM is started.
 *
 * @param maxHeapMegabytes -Xmx
 * @param properties system properties
 * @param target what runs: {@code -jar file}, or {@code -cp path Class arguments}
 */
public record JavaCommand(int maxHeapMegabytes, Map<String, String> properties, List<String> target) {
    public JavaCommand {
        requireNonNull(target, "target is null");
        properties = new LinkedHashMap<>(properties);
        target = List.copyOf(target);
    }

    /** A packaged service. */
    public static JavaCommand jar(Path jar, int maxHeapMegabytes, Map<String, String> properties) {
        return new JavaCommand(maxHeapMegabytes, properties, List.of("-jar", jar.toString()));
    }

    /**
     * The command line. The shell in front makes the child deaf to Ctrl-C, then becomes the JVM: a signal ignored by a
     * process stays ignored when it executes another program, and the JVM respects that.
     */
    List<String> line() {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Xmx" + maxHeapMegabytes + "m");
        line.add("-XX:+UseSerialGC");
        line.add("-XX:+ExitOnOutOfMemoryError");
        line.add("-XX:TieredStopAtLevel=1"); // in minutes four JVMs would spend more on optimising code than they gain
        parentWatch().ifPresent(agent -> line.add("-javaagent:" + agent));
        properties.forEach((name, value) -> line.add("-D" + name + "=" + value));
        line.addAll(target);
        return line;
    }

    /** The jar of this module; missing only when the classes run straight from an IDE that has not packaged it. */
    private static Optional<Path> parentWatch() {
        try {
            Path code = Path.of(ParentWatch.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(code) ? Optional.of(code) : Optional.empty();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The location of this program is no file", e);
        }
    }
}
