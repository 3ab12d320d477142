/**
 * What the services exchange: generated Avro types, {@link dev.tandem.events.Topic} and {@link dev.tandem.events.Topics}.
 *
 * <p>Every event is self-describing: Avro single-object encoding (two marker bytes, the 8-byte fingerprint of the writer's
 * schema, the body), or one marker byte and the 4-byte id of that schema in a registry. The schemas of all past writers travel in
 * this jar, so an old event is read by a new service and a new event by an old one.
 */
package dev.tandem.events;
