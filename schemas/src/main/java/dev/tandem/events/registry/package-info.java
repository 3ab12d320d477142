/**
 * Schema registries over HTTP: {@link dev.tandem.events.registry.SchemaRegistry}, by Confluent's interface or by Apicurio's own.
 *
 * <p>It knows schemas and their ids, and nothing of events, topics and Kafka.
 */
package dev.tandem.events.registry;
