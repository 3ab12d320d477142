package dev.tandem.retrieval.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every checkpoint store keeps to, wherever it is. */
abstract class CheckpointStoreContract {
    static final String WEIGHTS = "retriever/model.safetensors";

    @TempDir
    Path directory;

    private CheckpointStore writer;
    private CheckpointStore reader;

    /** The store as one more process sees it. */
    abstract CheckpointStore connect() throws IOException;

    /** Replaces a file of a committed checkpoint. */
    abstract void change(String id, String file, String text) throws IOException;

    /** Deletes a file of a committed checkpoint. */
    abstract void lose(String id, String file) throws IOException;

    /** Whether nothing at all is in the store. */
    abstract boolean isBare() throws IOException;

    @BeforeEach
    void connectBoth() throws IOException {
        writer = connect();
        reader = connect();
    }

    @Test
    void anotherProcessOpensWhatWasCommitted() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);

        Checkpoint opened = reader.open(writer.uri("step-10"), written.digest());

        assertEquals("step-10", opened.id());
        assertEquals(written.digest(), opened.digest());
        assertEquals("weights", Files.readString(opened.directory().resolve(WEIGHTS)));
        assertEquals(10, CheckpointStore.manifest(opened).header().step());
    }

    @Test
    void findsACheckpointByItsId() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);

        Checkpoint found = reader.find("step-10").orElseThrow();

        assertEquals(written.digest(), found.digest());
        assertTrue(reader.find("step-11").isEmpty());
    }

    @Test
    void showsNothingBeforeTheCommit() throws IOException {
        try (CheckpointStore.Writing writing = writer.begin("step-10")) {
            Files.writeString(writing.directory().resolve("a"), "half of it");

            assertTrue(reader.find("step-10").isEmpty());
            assertEquals(List.of(), reader.list());
        }
        assertTrue(isBare());
    }

    @Test
    void keepsTheFirstOfTwoWithOneId() throws IOException {
        Checkpoint first = write(writer, "step-10", 10);

        Checkpoint second = write(writer, "step-10", 99);

        assertEquals(first, second);
        assertEquals(10, reader.list().get(0).header().step());
    }

    @Test
    void refusesAChangedFile() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);
        change("step-10", WEIGHTS, "weighty");

        assertRefused(written, WEIGHTS + " has SHA-256");
    }

    @Test
    void refusesAMissingFile() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);
        lose("step-10", WEIGHTS);

        assertRefused(written, "is missing");
    }

    @Test
    void refusesAChangedManifest() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);
        change("step-10", CheckpointManifest.FILE, "{}");

        assertRefused(written, "but its event says " + written.digest());
    }

    @Test
    void refusesWhatIsNotThere() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);
        writer.delete("step-10");

        assertRefused(written, "is not in the store");
    }

    private void assertRefused(Checkpoint written, String why) {
        var refusal = assertThrows(
                CheckpointCorruptedException.class, () -> reader.open(reader.uri(written.id()), written.digest()));
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "file:///etc",
                "https://example.org/step-10",
                "file://example.org/step-10",
                "file:relative",
                "s3:relative",
                "s3://elsewhere/tandem/step-10",
                "s3://checkpoints/step-10",
                "STORE/../step-10",
                "STORE/step-10/../../secret",
                "STORE/step-10/retriever",
                "STORE"
            })
    void refusesWhatIsNotDirectlyInTheStore(String template) throws IOException {
        Checkpoint written = write(writer, "step-10", 10);
        String uri = writer.uri("step-10").toString();
        URI forged = URI.create(template.replace("STORE", uri.substring(0, uri.lastIndexOf('/'))));

        assertThrows(CheckpointCorruptedException.class, () -> reader.open(forged, written.digest()));
    }

    @Test
    void describesACheckpointWithoutChangingIt() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);

        assertEquals(Optional.empty(), reader.card("step-10"));
        writer.describe("step-10", "# first");
        writer.describe("step-10", "# größer");

        assertEquals(Optional.of("# größer"), reader.card("step-10"));
        assertEquals(
                written.digest(),
                reader.open(reader.uri("step-10"), written.digest()).digest());
        assertThrows(CheckpointCorruptedException.class, () -> writer.describe("step-20", "# none"));
    }

    @Test
    void offersEmbeddingsBesideACheckpointWithoutChangingIt() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);

        assertEquals(Optional.empty(), reader.embeddings().find("step-10"));
        URI offered = offer("step-10", "embeddings");

        assertEquals(Optional.of(offered), reader.embeddings().find("step-10"));
        assertTrue(
                offered.toString().matches(Pattern.quote(writer.uri("step-10") + "/embeddings-") + "[0-9a-f]{64}"),
                offered.toString());
        assertEquals("embeddings", fetch("step-10", offered.toString()));
        assertEquals(
                written.digest(),
                reader.open(reader.uri("step-10"), written.digest()).digest());
        assertEquals(1, reader.list().size());
        assertThrows(CheckpointCorruptedException.class, () -> offer("step-20", "of none"));
    }

    @Test
    void keepsTheEmbeddingsOfferedLast() throws IOException {
        write(writer, "step-10", 10);
        URI former = offer("step-10", "former");
        URI latest = offer("step-10", "latest");

        assertEquals(Optional.of(latest), reader.embeddings().find("step-10"));
        assertEquals("latest", fetch("step-10", latest.toString()));
        assertNotFetched(former.toString(), "is not in");
        assertEquals(latest, offer("step-10", "latest"));
        assertEquals("latest", fetch("step-10", latest.toString()));
    }

    @Test
    void withdrawsEmbeddingsAndLeavesTheCheckpoint() throws IOException {
        Checkpoint written = write(writer, "step-10", 10);
        URI offered = offer("step-10", "embeddings");

        writer.embeddings().withdraw("step-10");
        writer.embeddings().withdraw("step-10");
        writer.embeddings().withdraw("step-20");

        assertEquals(Optional.empty(), reader.embeddings().find("step-10"));
        assertNotFetched(offered.toString(), "is not in");
        assertEquals(
                "step-10", reader.open(reader.uri("step-10"), written.digest()).id());
    }

    @Test
    void fetchesNoEmbeddingsThatWereChangedOrCutOffOrAreTooLarge() throws IOException {
        write(writer, "step-10", 10);
        String offered = offer("step-10", "embeddings").toString();
        String name = offered.substring(offered.lastIndexOf('/') + 1);

        change("step-10", name, "embeddinge");
        assertNotFetched(offered, "was changed or cut off");
        change("step-10", name, "embed");
        assertNotFetched(offered, "was changed or cut off");
        change("step-10", name, "embeddings of more passages than there are");
        assertNotFetched(offered, "expected at most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "https://example.org/step-10/NAME",
                "s3://elsewhere/tandem/step-10/NAME",
                "STORE/NAME",
                "STORE/step-20/NAME",
                "STORE/step-10/../step-20/NAME",
                "STORE/step-10/retriever/NAME",
                "STORE/step-10/NAME?versionId=1",
                "STORE/step-10/manifest.json",
                "not a uri \0",
                ""
            })
    void fetchesNoEmbeddingsFromElsewhere(String template) throws IOException {
        write(writer, "step-10", 10);
        write(writer, "step-20", 20);
        offer("step-20", "of another checkpoint");
        String offered = offer("step-10", "embeddings").toString();
        String uri = writer.uri("step-10").toString();

        assertNotFetched(
                template.replace("STORE", uri.substring(0, uri.lastIndexOf('/')))
                        .replace("NAME", offered.substring(offered.lastIndexOf('/') + 1)),
                "Expected the URI of embeddings directly in " + uri);
    }

    private URI offer(String id, String content) throws IOException {
        return writer.embeddings().offer(id, file -> Files.writeString(file, content));
    }

    private String fetch(String id, String uri) throws IOException {
        Path target = Files.createTempDirectory(directory, "fetched").resolve("embeddings");
        reader.embeddings().fetch(id, uri, 10, target);
        return Files.readString(target);
    }

    private void assertNotFetched(String uri, String why) {
        Path target = directory.resolve("refused");
        var refusal = assertThrows(
                CheckpointCorruptedException.class, () -> reader.embeddings().fetch("step-10", uri, 10, target));
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
        assertFalse(Files.exists(target));
    }

    @Test
    void listsByStep() throws IOException {
        write(writer, "b", 20);
        write(writer, "a", 3);

        List<String> ids = reader.list().stream().map(m -> m.header().id()).toList();

        assertEquals(List.of("a", "b"), ids);
    }

    @Test
    void listsNoneWhoseManifestIsNoManifest() throws IOException {
        write(writer, "a", 3);
        write(writer, "b", 20);
        change("a", CheckpointManifest.FILE, "{}");

        List<String> ids = reader.list().stream().map(m -> m.header().id()).toList();

        assertEquals(List.of("b"), ids);
    }

    @Test
    void leavesNothingOfADeletedOne() throws IOException {
        write(writer, "step-10", 10);
        writer.describe("step-10", "# card");
        offer("step-10", "embeddings");

        writer.delete("step-10");

        assertTrue(reader.find("step-10").isEmpty());
        assertTrue(isBare());
    }

    static Checkpoint write(CheckpointStore store, String id, long step) throws IOException {
        try (CheckpointStore.Writing writing = store.begin(id)) {
            Files.writeString(writing.directory().resolve("encoding.json"), "{}");
            Path retriever = Files.createDirectories(writing.directory().resolve("retriever"));
            Files.writeString(retriever.resolve("model.safetensors"), "weights");
            return writing.commit(new CheckpointManifest.Header(id, null, step, "JOINT", true));
        }
    }
}
