package dev.tandem.quickstart.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.process.ChildProcess.Death;
import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final List<Death> deaths = new CopyOnWriteArrayList<>();

    @Test
    void isStartedAgainWithItsDataAfterKillMinus9() {
        try (LocalBroker broker = new LocalBroker(directory, directory, deaths::add).start()) {
            await().atMost(PATIENCE).until(broker::answers);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                    EventFeed feed = new EventFeed(KafkaSettings.at(broker.bootstrapServers()))) {
                TopicAdmin.createMissing(admin, new Topics());
                feed.publish(new Passage("p1", "Title", "text"));
                feed.flush();
                long killed = broker.process().pid();

                ProcessHandle.of(killed).orElseThrow().destroyForcibly();

                await().atMost(PATIENCE).until(() -> !deaths.isEmpty());
                assertEquals(137, deaths.get(0).exitCode());
                assertTrue(deaths.get(0).restarted());
                feed.publish(new Passage("p2", "Title", "text"));
                feed.flush();
                await().atMost(PATIENCE).until(() -> passages(admin) == 2);
            }
        }
        assertEquals(1, deaths.size());
    }

    @Test
    void doesNotOutliveAParentThatIsKilled() throws IOException {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        directory.toString())
                .start();
        long broker = Long.parseLong(parent.inputReader().readLine());
        assertTrue(isAlive(broker));

        parent.destroyForcibly();

        await().atMost(PATIENCE).until(() -> !isAlive(broker));
    }

    /** Starts a broker, says its process id and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path directory = Path.of(arguments[0]);
            LocalBroker broker = new LocalBroker(directory, directory, death -> {}).start();
            System.out.println(broker.process().pid());
            Thread.currentThread().join();
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static long passages(Admin admin) throws Exception {
        TopicPartition partition = new TopicPartition("passages", 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
