package dev.tandem.events;

/** A real single-node broker with every topic of {@link Topics}, whatever it runs in. */
public interface TestBroker extends AutoCloseable {
    /** How it is reached. */
    KafkaSettings kafka();

    default String bootstrapServers() {
        return kafka().servers();
    }

    @Override
    void close();
}
