package dev.tandem.quickstart.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.quickstart.cli.Tandem;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.SmallCorpus;
import dev.tandem.quickstart.deployment.TutorialPage.Step;
import dev.tandem.quickstart.home.RunningQuickstart;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Does what the tutorials say, command by command, as they stand there. */
@EnabledIfSystemProperty(
        named = "tutorials",
        matches = "true",
        disabledReason =
                "minutes long; run it by mvn verify -pl deploy/quickstart -am -Dtutorials=true -Dit.test=TutorialIT")
class TutorialIT {
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @TempDir
    private Path directory;

    private final List<Process> running = new ArrayList<>();
    private final StringBuilder said = new StringBuilder();

    @BeforeEach
    void putTheCommandThere() throws IOException {
        Path command = directory.resolve("tandem");
        Files.writeString(command, """
                #!/bin/sh
                exec "%s" -Dai.djl.offline=true -cp "%s" %s "$@"
                """.formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"), classPath(), Tandem.class.getName()));
        assertTrue(command.toFile().setExecutable(true));
    }

    /** The launcher finds the services beside its own classes. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().normalize().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : running) {
            process.destroy(); // as Ctrl-C does
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
        }
    }

    @Test
    void trainsOnTheirOwnData() throws Exception {
        new BeirDirectory(directory.resolve("mydata")).write(SmallCorpus.of(360, 120, 1));

        follow("own-data.md");

        assertTrue(said.toString().contains("1 passages taken, 0 refused"), said::toString);
        assertTrue(said.toString().contains("cross-encoder"), said::toString);
        assertTrue(said.toString().contains("mrr@10"), said::toString);
        assertEquals(361, status().at("/miner/passages").asInt());
    }

    @Test
    void makesLabelsFromClicksAlone() throws Exception {
        follow("clicks-only.md");

        assertEquals(1, status().at("/miner/labelledQueries").asInt());
        assertEquals(4, status().at("/miner/clicks/accepted").asInt());
        assertTrue(said.toString().contains("1 labelled queries to train on"), said::toString);
    }

    private void follow(String name) throws Exception {
        TutorialPage page = TutorialPage.read(name);
        assertTrue(page.steps().size() > 3, "no steps were found in " + name);
        for (Step step : page.steps()) {
            switch (step.kind()) {
                case RUN -> run(step.text());
                case KEEP_RUNNING -> keepRunning(step.text());
                case WAIT -> await().atMost(PATIENCE).until(() -> isTold(step.text()));
            }
        }
    }

    private void run(String block) throws Exception {
        Process process = bash("set -euo pipefail\n" + block).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        said.append(output);
        assertEquals(0, process.waitFor(), () -> block + "\n" + output);
    }

    private void keepRunning(String block) throws Exception {
        Path log = directory.resolve("log-" + running.size());
        running.add(bash("exec " + block).redirectOutput(log.toFile()).start());
        await().atMost(PATIENCE).until(() -> {
            assertTrue(running.get(running.size() - 1).isAlive(), () -> read(log));
            return RunningQuickstart.find(directory.resolve(".tandem")).isPresent()
                    && read(log).contains("dashboard: ");
        });
    }

    private ProcessBuilder bash(String script) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TANDEM_"));
        return builder;
    }

    /** A number above 0, or a name. */
    private boolean isTold(String pointer) throws IOException {
        JsonNode found = status().at(pointer);
        return found.isTextual() || found.asLong() > 0;
    }

    private JsonNode status() throws IOException {
        StringWriter out = new StringWriter();
        Tandem.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(
                        "status",
                        "--json",
                        "--home",
                        directory.resolve(".tandem").toString());
        return new JsonMapper().readTree(out.toString());
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
