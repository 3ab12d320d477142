package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Old events stay readable, and new events are readable by old services. */
class SchemaHistoryTest {
    static Stream<Schema> events() {
        return Stream.of(
                PassagePublished.getClassSchema(),
                QueryRecorded.getClassSchema(),
                ClickRecorded.getClassSchema(),
                LabelledQuery.getClassSchema(),
                CandidateListMined.getClassSchema(),
                QueryHeldOut.getClassSchema(),
                CheckpointSaved.getClassSchema(),
                CheckpointEvaluated.getClassSchema(),
                CheckpointPromoted.getClassSchema());
    }

    @ParameterizedTest
    @MethodSource("events")
    void readsEveryReleasedSchemaBothWays(Schema current) {
        List<Schema> released = EventCodec.released(current.getName());

        assertFalse(released.isEmpty(), "schemas/history/%s/v1.avsc is missing".formatted(current.getName()));
        for (Schema old : released) {
            assertCompatible(current, old);
            assertCompatible(old, current);
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void isTheLatestRelease(Schema current) {
        List<Schema> released = EventCodec.released(current.getName());

        Schema latest = released.get(released.size() - 1);
        assertEquals(
                SchemaNormalization.toParsingForm(latest),
                SchemaNormalization.toParsingForm(current),
                "%s changed: add it to schemas/history as v%d.avsc".formatted(current.getName(), released.size() + 1));
    }

    private static void assertCompatible(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        List<SchemaIncompatibilityType> faults = result.getResult().getIncompatibilities().stream()
                .map(SchemaCompatibility.Incompatibility::getType)
                .toList();
        assertEquals(List.of(), faults, result.getDescription());
    }
}
