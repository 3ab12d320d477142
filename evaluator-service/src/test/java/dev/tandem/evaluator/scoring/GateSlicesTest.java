package dev.tandem.evaluator.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.retrieval.QueryKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateSlicesTest {
    @Test
    void dividesBySourceAndByLength() {
        HeldOutQuery brief = query("read a whole text file", false);
        HeldOutQuery wordy = query("read a whole text file quickly", true);

        Map<String, Set<String>> slices = GateSlices.of(List.of(brief, wordy));

        assertEquals(
                Map.of("judged", keys(brief), "clicks", keys(wordy), "short", keys(brief), "long", keys(wordy)),
                slices);
    }

    @Test
    void anchorsJudgedQueriesUpToAThousand() {
        List<HeldOutQuery> many = IntStream.range(0, 1_200)
                .mapToObj(i -> query("query " + i, i < 100))
                .toList();

        assertEquals(List.of(), GateSlices.anchor(many.subList(0, 100)));
        assertEquals(50, GateSlices.anchor(many.subList(50, 150)).size());
        assertEquals(1_000, GateSlices.anchor(many).size());
    }

    private static HeldOutQuery query(String text, boolean fromClicks) {
        return new HeldOutQuery(QueryKey.of(text), text, Map.of("p1", 1), fromClicks);
    }

    private static Set<String> keys(HeldOutQuery query) {
        return Set.of(query.key().value());
    }
}
