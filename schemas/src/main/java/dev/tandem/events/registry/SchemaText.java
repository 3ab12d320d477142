package dev.tandem.events.registry;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** A schema as a registry gives it out. */
final class SchemaText {
    private SchemaText() {}

    /**
     * Reads it.
     *
     * @param place the registry, for the message
     * @throws UnusableSchemaException if it is no whole Avro schema
     */
    static Schema parse(String text, int id, String place) throws UnusableSchemaException {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw new UnusableSchemaException(
                    "Expected one whole Avro schema under id %d at %s, cannot read it: %s"
                            .formatted(id, place, e.getMessage()),
                    e);
        }
    }

    static UnusableSchemaException unknown(int id, String place) {
        return new UnusableSchemaException("The registry at %s knows no schema of id %d".formatted(place, id));
    }
}
