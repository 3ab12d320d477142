package dev.tandem.events.registry;

/** The interface by which a registry is spoken to; what stands on the topics is the same with both. */
public enum RegistryApi {
    /** Confluent's, version 7: Confluent, Karapace, Redpanda, and Apicurio at {@code /apis/ccompat/v7}. */
    CONFLUENT {
        @Override
        SchemaRegistry at(RegistrySettings settings) {
            return new ConfluentRegistry(settings);
        }
    },
    /** Apicurio's own, version 3, at {@code /apis/registry/v3}. */
    APICURIO {
        @Override
        SchemaRegistry at(RegistrySettings settings) {
            return new ApicurioRegistry(settings);
        }
    };

    abstract SchemaRegistry at(RegistrySettings settings);
}
