package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tandem.miner.state.ClickedPassage;
import dev.tandem.miner.state.Impressions;
import dev.tandem.miner.state.PendingClick;
import dev.tandem.miner.state.QueryFeedback;
import dev.tandem.miner.state.QueryState;
import dev.tandem.miner.state.StatedUse;
import dev.tandem.miner.state.Viewer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateSerdeTest {
    @ParameterizedTest
    @ValueSource(classes = {Impressions.class, PendingClick.class, QueryFeedback.class, QueryState.class, Viewer.class})
    void readsAllItEverWrote(Class<?> type) {
        Schema current = SpecificData.get().getSchema(type);
        List<Schema> history = StateSerde.history(type);

        assertFalse(history.isEmpty());
        for (Schema writer : history) {
            assertEquals(
                    SchemaCompatibilityType.COMPATIBLE,
                    SchemaCompatibility.checkReaderWriterCompatibility(current, writer)
                            .getType());
        }
        assertEquals(
                SchemaNormalization.toParsingForm(current),
                SchemaNormalization.toParsingForm(history.get(history.size() - 1)),
                "the schema has changed: add it to state-history as the next version");
    }

    @Test
    void readsEvidenceThatKnewNoImpressions() throws IOException {
        Schema first = StateSerde.history(QueryState.class).get(0);
        Schema clicked = first.getField("clicked").schema().getElementType();
        GenericRecord state = new GenericRecordBuilder(first)
                .set("queryId", "q1")
                .set("text", "split a string")
                .set("use", new GenericData.EnumSymbol(first.getField("use").schema(), "TRAIN"))
                .set("freshestAt", 5L)
                .set("judged", List.of())
                .set(
                        "clicked",
                        List.of(new GenericRecordBuilder(clicked)
                                .set("passageId", "p1")
                                .set("users", 4)
                                .set("satisfiedUsers", 3)
                                .build()))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), first).encode(state, bytes);

        QueryState read = StateSerde.of(QueryState.class).deserializer().deserialize("labels", bytes.toByteArray());

        assertEquals(
                new QueryState(
                        "q1",
                        "split a string",
                        StatedUse.TRAIN,
                        5L,
                        List.of(),
                        List.of(new ClickedPassage("p1", 4, 3, List.of()))),
                read);
    }
}
