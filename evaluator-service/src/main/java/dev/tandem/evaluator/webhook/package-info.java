/** Promotions told to others by HTTP, for those who do not read Kafka. */
package dev.tandem.evaluator.webhook;
