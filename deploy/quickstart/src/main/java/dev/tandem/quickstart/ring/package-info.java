/** The ring on one machine: a broker and the three packaged services as child processes, with their settings, addresses and progress. */
package dev.tandem.quickstart.ring;
