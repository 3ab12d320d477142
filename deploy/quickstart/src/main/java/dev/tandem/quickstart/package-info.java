/**
 * The whole ring on one machine by one command: {@link dev.tandem.quickstart.Quickstart} starts everything, feeds it,
 * shows what happens and ends with a table.
 */
package dev.tandem.quickstart;
