/**
 * The child processes: a Kafka broker and the packaged services, each a JVM of its own that is restarted when it dies
 * and never outlives its parent.
 *
 * <p>Three things can end the parent. A signal to stop: it stops the children itself, in order. Ctrl-C in a terminal goes
 * to the children too, so they are started deaf to it. {@code kill -9}: every child watches its standard input, a pipe from
 * the parent, and ends itself when that closes ({@link dev.tandem.quickstart.process.ParentWatch}).
 */
package dev.tandem.quickstart.process;
