package dev.tandem.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What deploy/grafana asks Prometheus for. */
final class GrafanaFiles {
    static final Path DIRECTORY = Path.of("..", "grafana");
    private static final Pattern NAME = Pattern.compile("\\b(?:miner|trainer|evaluator)_[a-z_]+\\b");

    private GrafanaFiles() {}

    /** Every metric of the services that a panel or an alert names. */
    static SortedSet<String> metrics() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        for (String file : List.of("tandem.json", "rules.yml")) {
            NAME.matcher(Files.readString(DIRECTORY.resolve(file)))
                    .results()
                    .forEach(found -> names.add(found.group()));
        }
        return names;
    }
}
