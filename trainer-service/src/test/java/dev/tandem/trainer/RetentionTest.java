package dev.tandem.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    @Test
    void keepsTheNewestAndEveryPromotedOne() {
        List<CheckpointManifest> inStore = LongStream.rangeClosed(1, 6)
                .mapToObj(step -> new CheckpointManifest(
                        new CheckpointManifest.Header("c" + step, null, step, "JOINT", true), new TreeMap<>()))
                .toList();

        assertEquals(List.of("c1", "c3", "c4"), Retention.expendable(inStore, 2, Set.of("c2", "c6")));
        assertEquals(List.of(), Retention.expendable(inStore, 10, Set.of()));
    }
}
