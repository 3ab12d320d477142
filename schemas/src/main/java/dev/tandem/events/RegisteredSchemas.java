package dev.tandem.events;

import dev.tandem.events.registry.RegistryException;
import dev.tandem.events.registry.SchemaRegistry;
import dev.tandem.events.registry.UnusableSchemaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schemas by their id in a registry: asked for once, known for as long as the process lives. Safe for many threads. */
final class RegisteredSchemas implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegisteredSchemas.class);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    private static final int TRIES_BETWEEN_WORDS = 60;
    /** A registry of several servers may know a new schema on one of them first, and its producer does not wait. */
    private static final long TO_SPREAD_MILLIS = 500;

    private static final int MOST_UNKNOWN = 1_000;

    private final SchemaRegistry registry;
    private final Map<Integer, Schema> known = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> unknown = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > MOST_UNKNOWN;
        }
    };
    private final CountDownLatch closed = new CountDownLatch(1);

    RegisteredSchemas(SchemaRegistry registry) {
        this.registry = registry;
    }

    SchemaRegistry registry() {
        return registry;
    }

    /**
     * The schema of an id; one that is not known yet is asked for, again and again until the registry answers: after 100 ms,
     * twice as long each time, up to a second. One that the registry does not know is asked for twice, half a second apart.
     *
     * @throws UnusableSchemaException if the registry has answered, and has no Avro schema of that id
     * @throws WakeupException if this is closed meanwhile
     */
    Schema of(int id) throws UnusableSchemaException {
        Schema schema = known.get(id);
        return schema == null ? awaited(id) : schema;
    }

    private Schema awaited(int id) throws UnusableSchemaException {
        try {
            long wait = FIRST_WAIT_MILLIS;
            for (int tries = 0; ; tries++) {
                try {
                    return asked(id);
                } catch (UnusableSchemaException e) {
                    if (closed.getCount() == 0 || !isNews(id)) {
                        throw e;
                    }
                    wait = TO_SPREAD_MILLIS;
                } catch (RegistryException e) {
                    if (closed.getCount() > 0 && tries % TRIES_BETWEEN_WORDS == 0) {
                        LOG.warn("Waiting for the schema of id {}, which an event names. {}", id, e.getMessage());
                    }
                }
                if (closed.await(wait, TimeUnit.MILLISECONDS)) {
                    throw new WakeupException();
                }
                wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Whether an id is unknown for the first time, among the last thousand. */
    private boolean isNews(int id) {
        synchronized (unknown) {
            return unknown.put(id, true) == null;
        }
    }

    private Schema asked(int id) throws UnusableSchemaException, InterruptedException {
        Schema schema = registry.schema(id);
        known.put(id, schema);
        return schema;
    }

    /**
     * The id of a schema, which is registered if it is not there yet. Asks once.
     *
     * @throws RegistryException if there is no answer, or the registry gives the id of another schema
     */
    int idOf(String subject, Schema schema) throws InterruptedException {
        OptionalInt found = registry.find(subject, schema);
        int id = found.isPresent() ? found.getAsInt() : registry.register(subject, schema);
        if (found.isEmpty()) {
            LOG.info("Registered a schema subject={} id={}", subject, id);
        }
        if (isSame(schema, given(id))) {
            return id;
        }
        throw new RegistryException(
                false,
                "Expected the id of %s in subject %s from the registry at %s, got %d, which is another schema's"
                        .formatted(schema.getFullName(), subject, registry.address(), id),
                "Does the registry give ids of one kind and look up another, or take schemas with fields in another order for the same?");
    }

    private Schema given(int id) throws InterruptedException {
        try {
            return asked(id);
        } catch (UnusableSchemaException e) {
            throw new RegistryException(
                    true,
                    "The registry at %s gave an id and does not tell its schema: %s"
                            .formatted(registry.address(), e.getMessage()),
                    "If it has several servers, are they all up to date?");
        }
    }

    private static boolean isSame(Schema one, Schema other) {
        return SchemaNormalization.toParsingForm(one).equals(SchemaNormalization.toParsingForm(other));
    }

    /** Ends all waiting. */
    @Override
    public void close() {
        closed.countDown();
    }
}
