package dev.tandem.miner.serving;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PromotedRetrieverTest {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger unreachable = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = now::get;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final PromotedRetriever retriever = new PromotedRetriever(new Corpus(), this::open, clock);

    @AfterEach
    void close() {
        gate.countDown();
        retriever.close();
    }

    @Test
    void servesBm25UntilTheNextIndexIsWhole() {
        retriever.put(List.of(passage("p1"), passage("p2")));
        retriever.promote(List.of(promotion("slow")));

        assertFalse(retriever.swap());
        assertEquals("bm25", retriever.current().id());
        assertTrue(retriever.isBuilding());
        gate.countDown();
        await().atMost(10, SECONDS).until(retriever::swap);

        assertEquals("slow", retriever.current().id());
        assertEquals(Set.of("p1", "p2"), held());
        assertFalse(retriever.isBuilding());
    }

    @Test
    void bringsTheNextIndexUpWithWhatChangedMeanwhile() {
        retriever.put(List.of(passage("p1"), passage("p2")));
        retriever.promote(List.of(promotion("slow")));
        retriever.remove("p1");
        retriever.put(List.of(passage("p3")));
        gate.countDown();
        await().atMost(10, SECONDS).until(retriever::swap);

        assertEquals(Set.of("p2", "p3"), held());
    }

    @Test
    void keepsTheFormerChampionWhenTheNextCannotBeOpened() {
        retriever.promote(List.of(promotion("first")));
        await().atMost(10, SECONDS).until(retriever::swap);

        retriever.promote(List.of(promotion("corrupt")));
        await().atMost(10, SECONDS).until(() -> !retriever.swap() && !retriever.isBuilding());

        assertEquals("first", retriever.current().id());
    }

    @Test
    void opensTheNewestThatCanBeOpened() {
        retriever.promote(List.of(promotion("corrupt"), promotion("former"), promotion("older")));
        await().atMost(10, SECONDS).until(retriever::swap);

        assertEquals("former", retriever.current().id());
    }

    @Test
    void triesAgainWhatItCannotReachAndSkipsNothing() {
        retriever.promote(List.of(promotion("first")));
        await().atMost(10, SECONDS).until(retriever::swap);
        retriever.promote(List.of(promotion("unreachable"), promotion("former")));
        await().atMost(10, SECONDS).until(() -> unreachable.get() == 1);

        assertFalse(retriever.swap());
        assertTrue(retriever.isBuilding());
        assertEquals("first", retriever.current().id());
        await().atMost(10, SECONDS).until(() -> {
            now.updateAndGet(instant -> instant.plusSeconds(60));
            return retriever.swap();
        });

        assertEquals("unreachable", retriever.current().id());
        assertEquals(2, unreachable.get());
    }

    @Test
    void keepsServingWhatIsPromotedOnceMore() {
        retriever.promote(List.of(promotion("first")));
        await().atMost(10, SECONDS).until(retriever::swap);
        Retriever serving = retriever.current();

        retriever.promote(List.of(promotion("slow"), promotion("first")));
        retriever.promote(List.of(promotion("first")));

        assertFalse(retriever.isBuilding());
        assertFalse(retriever.swap());
        assertSame(serving, retriever.current());
    }

    @Test
    void letsANewerPromotionTakeThePlaceOfOneOnItsWay() {
        retriever.put(List.of(passage("p1")));
        retriever.promote(List.of(promotion("slow")));
        retriever.promote(List.of(promotion("newer")));
        gate.countDown();
        await().atMost(10, SECONDS).until(retriever::swap);

        assertEquals("newer", retriever.current().id());
    }

    private Retriever open(Promotion promotion, int passages) throws IOException {
        if (promotion.checkpointId().equals("unreachable") && unreachable.incrementAndGet() == 1) {
            throw new IOException("no network");
        }
        if (promotion.checkpointId().equals("corrupt")) {
            throw new CheckpointCorruptedException("one file has another digest");
        }
        return new Recording(promotion.checkpointId());
    }

    private Set<String> held() {
        return ((Recording) retriever.current()).held;
    }

    private static Promotion promotion(String id) {
        return new Promotion(id, URI.create("file:///store/" + id), "digest of " + id, false, Optional.empty());
    }

    private static Passage passage(String id) {
        return new Passage(id, "", "text of " + id);
    }

    /** Remembers which passages it holds; "slow" waits until the test lets it go. */
    private final class Recording implements Retriever {
        private final String id;
        private final Set<String> held = new ConcurrentSkipListSet<>();

        Recording(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public void put(List<Passage> passages) {
            try {
                if (id.equals("slow")) {
                    gate.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            passages.forEach(passage -> held.add(passage.id()));
        }

        @Override
        public void remove(String passageId) {
            held.remove(passageId);
        }

        @Override
        public List<Ranking> search(List<Query> queries, int k) {
            return List.of();
        }

        @Override
        public IndexState index() {
            return new IndexState("exact", "digest of " + id, 1.0, EmbeddingSources.NONE);
        }

        @Override
        public boolean canScore() {
            return false;
        }

        @Override
        public float[] score(List<Pair> pairs) {
            return new float[0];
        }

        @Override
        public void close() {}
    }
}
