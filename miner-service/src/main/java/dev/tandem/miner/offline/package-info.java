/** Candidate lists mined from a collection in files, without a broker: into a file, with a report, or for people to read. */
package dev.tandem.miner.offline;
