package dev.tandem.events;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;

/** Events in the frame of a registry as another program makes them: from the definition, with none of Tandem's code. */
public final class RegistryFrames {
    private RegistryFrames() {}

    /** A promotion as its first version has it. */
    static GenericRecord promotion(Schema first) {
        return new GenericRecordBuilder(first)
                .set("checkpointId", "c1")
                .set("uri", "file:/store/c1")
                .set("digest", "00")
                .set("step", 7L)
                .set("rerankerTrained", true)
                .set("metrics", List.of())
                .set("reason", "better")
                .set("promotedAt", 1_700_000_000_000L)
                .build();
    }

    /** 00, the id big-endian, the record by Avro's generic writer. */
    public static byte[] frame(int id, GenericRecord event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream header = new DataOutputStream(bytes);
        header.writeByte(0);
        header.writeInt(id);
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        Schema schema = event.getSchema();
        new GenericDatumWriter<>(schema).write(event, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
