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
        Set<String> all = Set.of("c1", "c2", "c3", "c4", "c5", "c6");

        assertEquals(List.of("c1", "c3", "c4"), Retention.expendable(six(), 2, 8, known(Set.of("c2", "c6"), all)));
        assertEquals(List.of(), Retention.expendable(six(), 10, 40, known(Set.of(), all)));
    }

    @Test
    void keepsWhatIsNotDecidedAboutButNotForEver() {
        assertEquals(List.of("c2"), Retention.expendable(six(), 2, 8, known(Set.of(), Set.of("c2", "c6"))));
        assertEquals(List.of("c1", "c2"), Retention.expendable(six(), 2, 4, known(Set.of(), Set.of())));
    }

    private static Promotions known(Set<String> promoted, Set<String> decided) {
        return new Promotions(promoted, null, decided);
    }

    private static List<CheckpointManifest> six() {
        return LongStream.rangeClosed(1, 6)
                .mapToObj(step -> new CheckpointManifest(
                        new CheckpointManifest.Header("c" + step, null, step, "JOINT", true), new TreeMap<>()))
                .toList();
    }
}
