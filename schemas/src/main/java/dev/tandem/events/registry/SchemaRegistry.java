package dev.tandem.events.registry;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;

/**
 * Schemas by subject and by id. Each call asks the registry, and throws {@link RegistryException} where it gives no answer to
 * what was asked.
 */
public interface SchemaRegistry {
    /** The compatibility that a subject is given: every version reads every other, as {@code SchemaHistoryTest} demands. */
    String COMPATIBILITY = "FULL_TRANSITIVE";

    /**
     * The schema of an id.
     *
     * @throws UnusableSchemaException if the registry says that it has none, or has one that is no Avro
     */
    Schema schema(int id) throws UnusableSchemaException, InterruptedException;

    /** The id of a schema in a subject; empty if the registry says that it is not there. */
    OptionalInt find(String subject, Schema schema) throws InterruptedException;

    /**
     * Adds a schema to a subject and returns its id; a subject that is new gets {@link #COMPATIBILITY}.
     *
     * @throws RegistryException also if the subject's versions are incompatible with it
     */
    int register(String subject, Schema schema) throws InterruptedException;

    /** What the registry asks of new versions of a subject; empty if it says that there is no such subject or rule. */
    Optional<String> compatibility(String subject) throws InterruptedException;

    /** Its address, without a password. */
    String address();
}
