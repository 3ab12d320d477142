package dev.tandem.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlertRulesTest {
    /** Prometheus' own unit tests of the rules, with the scenarios of rules-test.yml. */
    @Test
    void fireWhenTheyShould() throws IOException, InterruptedException {
        assumeTrue(
                isAtHand("promtool"),
                "no promtool on the path (it comes with Prometheus) to test the alert rules with");
        Process promtool = new ProcessBuilder("promtool", "test", "rules", "rules-test.yml")
                .directory(GrafanaFiles.DIRECTORY.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(promtool.waitFor(1, TimeUnit.MINUTES), "still running");
            assertEquals(0, promtool.exitValue(), said);
        } finally {
            promtool.destroyForcibly();
        }
    }

    private static boolean isAtHand(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
