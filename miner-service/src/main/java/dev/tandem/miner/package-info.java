/**
 * From feedback to candidate lists: the topology that turns queries and clicks into labels, the loop that mines, and the
 * service around both.
 *
 * <p>Two halves meet on the topic {@code labelled-queries}. {@link dev.tandem.miner.MinerTopology} is quick and keeps
 * state; {@link dev.tandem.miner.Mining} asks models, so it runs off the stream threads. Both write in transactions.
 * Event types stop in this package: the packages below know only records.
 */
package dev.tandem.miner;
