package dev.tandem.retrieval.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3Client;

class S3CheckpointStoreTest extends CheckpointStoreContract {
    private final AtomicInteger caches = new AtomicInteger();
    private S3Server server;

    @Override
    @BeforeEach
    void connectBoth() throws IOException {
        try {
            server = S3Server.start();
        } catch (Exception e) {
            throw new IOException("The server did not start", e);
        }
        super.connectBoth();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Override
    CheckpointStore connect() {
        return CheckpointStore.at(server.settings(nextCache()));
    }

    private Path nextCache() {
        return directory.resolve("cache-" + caches.incrementAndGet());
    }

    @Override
    void change(String id, String file, String text) {
        server.put(S3Server.PREFIX + id + "/" + file, text);
    }

    @Override
    void lose(String id, String file) {
        server.delete(S3Server.PREFIX + id + "/" + file);
    }

    @Override
    boolean isBare() {
        return server.keys().isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?versionId=1", "#1", "/", "/../step-10"})
    void refusesAUriWithMoreThanTheCheckpoint(String more) throws IOException {
        CheckpointStore store = connect();
        Checkpoint written = write(store, "step-10", 10);
        URI forged = URI.create(store.uri("step-10") + more);

        assertThrows(CheckpointCorruptedException.class, () -> store.open(forged, written.digest()));
    }

    /** Requests of a commit: asks for the manifest, puts a marker, two files and the manifest, deletes the marker. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void anUploadThatIsKilledIsInvisibleAndDiscardedAtTheNextStart(int requests) throws IOException {
        server.put("tandem/other/file", "of somebody else");
        CheckpointStore killed = dyingAfter(requests);

        assertThrows(IOException.class, () -> write(killed, "step-10", 10));

        assertTrue(server.keys().contains("tandem/.writing/step-10"));
        assertTrue(connect().find("step-10").isEmpty());
        assertEquals(List.of(), connect().list());
        connect().discardUnfinished();
        assertEquals(List.of("tandem/other/file"), server.keys());
    }

    @Test
    void anUploadThatIsKilledAfterItsLastFileIsWhole() throws IOException {
        CheckpointStore killed = dyingAfter(5);

        assertThrows(IOException.class, () -> write(killed, "step-10", 10));

        connect().discardUnfinished();
        assertTrue(connect().find("step-10").isPresent());
        assertFalse(server.keys().contains("tandem/.writing/step-10"));
    }

    @Test
    void aFailedUploadLeavesNoTrace() {
        CheckpointStore failing = new S3CheckpointStore(
                S3Location.of(S3Server.STORE).orElseThrow(), failing(number -> number == 4), nextCache());

        assertThrows(IOException.class, () -> write(failing, "step-10", 10));

        assertTrue(isBare());
    }

    private CheckpointStore dyingAfter(int requests) {
        return new S3CheckpointStore(
                S3Location.of(S3Server.STORE).orElseThrow(), failing(number -> number > requests), nextCache());
    }

    /** Which requests, counted from 1, do not get through. */
    private interface Failing {
        boolean fails(int number);
    }

    private S3Client failing(Failing failing) {
        AtomicInteger number = new AtomicInteger();
        ExecutionInterceptor network = new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                if (failing.fails(number.incrementAndGet())) {
                    throw SdkClientException.create("no network");
                }
            }
        };
        return server.client()
                .overrideConfiguration(override -> override.addExecutionInterceptor(network))
                .build();
    }

    @Test
    void sendsALargeFileInParts() throws IOException {
        byte[] large = new byte[S3Objects.PART_BYTES + 1];
        new Random(1).nextBytes(large);
        CheckpointStore writer = connect();
        Checkpoint written;
        try (CheckpointStore.Writing writing = writer.begin("large")) {
            Files.write(writing.directory().resolve("weights"), large);
            written = writing.commit(new CheckpointManifest.Header("large", null, 1, "JOINT", false));
        }

        Checkpoint opened = connect().open(writer.uri("large"), written.digest());

        assertArrayEquals(large, Files.readAllBytes(opened.directory().resolve("weights")));
    }

    @Test
    void anUnreachableServerIsNoVerdict() throws Exception {
        Checkpoint written = write(connect(), "step-10", 10);
        CheckpointStore reader = connect();
        server.close();

        var failure = assertThrows(IOException.class, () -> reader.open(reader.uri("step-10"), written.digest()));
        assertTrue(failure.getMessage().contains("The checkpoint store s3://checkpoints/tandem/ does not answer"));
        assertThrows(IOException.class, reader::list);
        assertThrows(IOException.class, () -> reader.find("step-10"));
    }

    @Test
    void aBucketThatDoesNotExistIsNoVerdict() {
        CheckpointStore elsewhere = CheckpointStore.at(new StoreSettings(
                "s3://nowhere", nextCache(), Optional.of(server.endpoint()), Optional.empty(), Optional.empty()));

        assertThrows(IOException.class, () -> elsewhere.find("step-10"));
        assertThrows(IOException.class, elsewhere::list);
    }

    @Test
    void opensItsCopyWhileTheServerIsDown() throws Exception {
        Checkpoint written = write(connect(), "step-10", 10);
        CheckpointStore reader = connect();
        Checkpoint first = reader.open(reader.uri("step-10"), written.digest());
        server.close();

        assertEquals(first, reader.open(reader.uri("step-10"), written.digest()));
    }

    @Test
    void fetchesAgainWhatIsDamagedInTheCache() throws IOException {
        Checkpoint written = write(connect(), "step-10", 10);
        CheckpointStore reader = connect();
        Checkpoint first = reader.open(reader.uri("step-10"), written.digest());
        Files.writeString(first.directory().resolve(WEIGHTS), "weighty");

        Checkpoint again = reader.open(reader.uri("step-10"), written.digest());

        assertEquals("weights", Files.readString(again.directory().resolve(WEIGHTS)));
    }

    @Test
    void keepsCopiesOfTheLastThreeOpened() throws IOException {
        CheckpointStore writer = connect();
        CheckpointStore reader = CheckpointStore.at(server.settings(directory.resolve("small")));
        List<Checkpoint> written = new ArrayList<>();
        for (int step = 1; step <= 4; step++) {
            written.add(write(writer, "step-" + step, step));
        }

        for (int index : new int[] {0, 1, 2, 0, 3}) {
            Checkpoint checkpoint = written.get(index);
            reader.open(reader.uri(checkpoint.id()), checkpoint.digest());
        }

        try (Stream<Path> copies = Files.list(directory.resolve("small"))) {
            assertEquals(
                    List.of("step-1", "step-3", "step-4"),
                    copies.map(copy -> copy.getFileName().toString()).sorted().toList());
        }
    }
}
