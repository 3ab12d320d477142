package dev.tandem.events;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;

/** Events in the frame of a registry as another program makes them: from the definition, with none of Tandem's code. */
public final class RegistryFrames {
    private RegistryFrames() {}

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
