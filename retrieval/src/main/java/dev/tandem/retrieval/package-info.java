/**
 * The records every service speaks of: queries, passages, candidate lists, rankings, runs, qrels, checkpoints.
 *
 * <p>They know neither Kafka nor Quarkus nor PyTorch and import nothing beside the JDK.
 */
package dev.tandem.retrieval;
