package dev.tandem.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SamplePromotion;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.checkpoint.FlakyStore;
import dev.tandem.retrieval.encoder.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingOffersTest {
    @TempDir
    private Path directory;

    private final AtomicBoolean isCutOff = new AtomicBoolean();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = now::get;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final History history = new History();
    private CheckpointStore store;
    private EmbeddingOffers offers;

    @BeforeEach
    void open() {
        store = new FlakyStore(CheckpointStore.in(directory), method -> isCutOff.get());
        offers = new EmbeddingOffers(store, new Models(store, Compute.FLOAT32, clock), Compute.FLOAT32, clock);
    }

    @Test
    void keepsThoseOfTheChampionAndOfTheOneBefore() throws IOException {
        promote("a", null);
        promote("b", "a");
        offers.withdrawOld(history);
        assertEquals(List.of("a", "b"), offered());

        promote("c", "b");
        offers.withdrawOld(history);
        assertEquals(List.of("b", "c"), offered());

        promoteAgain("b", "c");
        offers.withdrawOld(history);
        assertEquals(List.of("b"), offered(), "before b came a, whose are gone; c was rolled back");
    }

    @Test
    void withdrawsLaterWhatItCannotReachNow() throws IOException {
        promote("a", null);
        promote("b", "a");
        promote("c", "b");
        isCutOff.set(true);
        offers.withdrawOld(history);
        isCutOff.set(false);

        offers.withdrawOld(history);
        assertEquals(List.of("a", "b", "c"), offered(), "not before it is time to try again");
        now.set(Instant.EPOCH.plusSeconds(60));
        offers.withdrawOld(history);
        assertEquals(List.of("b", "c"), offered());
    }

    @Test
    void takesNoHarmFromPromotionsThatNameNoCheckpoint() throws IOException {
        history.promoted(promoted("../elsewhere", null, "file:///etc/passwd"));
        promote("a", null);
        promote("b", "a");
        promote("c", "b");

        offers.withdrawOld(history);

        assertEquals(List.of("b", "c"), offered());
    }

    @Test
    void promotesWithWhatIsAtHandAndWithoutWhereNothingIs() throws IOException {
        save("a");
        assertNull(offers.withThoseAtHand(promoted("a", null, "a former promotion's"))
                .embeddingsUri());
        String uri = store.embeddings()
                .offer("a", file -> Files.writeString(file, "a"))
                .toString();
        assertEquals(uri, offers.withThoseAtHand(promoted("a", null, null)).embeddingsUri());
        isCutOff.set(true);
        assertNull(offers.withThoseAtHand(promoted("a", null, uri)).embeddingsUri());
    }

    private void promote(String id, String previous) throws IOException {
        save(id);
        String uri = store.embeddings()
                .offer(id, file -> Files.writeString(file, id))
                .toString();
        history.promoted(promoted(id, previous, uri));
    }

    private void promoteAgain(String id, String previous) throws IOException {
        history.promoted(
                promoted(id, previous, store.embeddings().find(id).orElseThrow().toString()));
    }

    private void save(String id) throws IOException {
        try (CheckpointStore.Writing writing = store.begin(id)) {
            assertEquals(
                    id,
                    writing.commit(new CheckpointManifest.Header(id, null, 1, "JOINT", false))
                            .id());
        }
    }

    private List<String> offered() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("embeddings-"))
                    .map(file -> file.getParent().getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static PromotedCheckpoint promoted(String id, String previous, String embeddingsUri) {
        return SamplePromotion.of(id, previous, Instant.EPOCH, false).offering(embeddingsUri);
    }
}
