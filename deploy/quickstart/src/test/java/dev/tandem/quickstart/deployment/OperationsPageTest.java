package dev.tandem.quickstart.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OperationsPageTest {
    private static final Path DEPLOY = YamlFile.ROOT.resolve("deploy");

    @Test
    void saysWhatToDoForEachAlert() throws IOException {
        Set<String> told = found("(?m)^\\| ([A-Z]\\w+) \\|", "operations.md");

        Set<String> alerts = found("- alert: (\\w+)", "grafana/rules.yml");

        assertEquals(alerts, told);
    }

    private static Set<String> found(String pattern, String file) throws IOException {
        Set<String> found = new TreeSet<>();
        Pattern.compile(pattern)
                .matcher(Files.readString(DEPLOY.resolve(file)))
                .results()
                .forEach(match -> found.add(match.group(1)));
        return found;
    }
}
