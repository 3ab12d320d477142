package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tandem.retrieval.token.TokenIds;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBatchTest {
    private static final List<TokenIds> SEQUENCES = List.of(sequence(3), sequence(9), sequence(4), sequence(30));

    private static TokenIds sequence(int length) {
        int[] ids = new int[length];
        Arrays.fill(ids, length);
        return new TokenIds(ids, new int[length]);
    }

    @Test
    void partitionsByLengthWithinTheBudget() {
        assertEquals(List.of(List.of(3), List.of(1, 2), List.of(0)), TokenBatch.partition(SEQUENCES, 18));
    }

    @Test
    void aSequenceLongerThanTheBudgetStandsAlone() {
        assertEquals(List.of(List.of(3), List.of(1), List.of(2), List.of(0)), TokenBatch.partition(SEQUENCES, 1));
    }

    @Test
    void padsEachChunkToItsOwnLongest() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList arguments = TokenBatch.arguments(manager, SEQUENCES, List.of(List.of(3), List.of(1, 2), List.of(0)));

            assertEquals(new Shape(2, 1, 30), arguments.get(0).getShape(), "no mask where nothing is padded");
            assertEquals(new Shape(3, 2, 9), arguments.get(1).getShape());
            assertArrayEquals(
                    new long[] {4, 4, 4, 4, 0, 0, 0, 0, 0},
                    arguments.get(1).get(0).get(1).toLongArray());
            assertArrayEquals(
                    new long[] {1, 1, 1, 1, 0, 0, 0, 0, 0},
                    arguments.get(1).get(2).get(1).toLongArray());
            assertArrayEquals(new long[] {3, 1, 2, 0}, arguments.get(3).toLongArray());
        }
    }
}
