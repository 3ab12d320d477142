/** From files and lines to events on the topics {@code passages}, {@code queries} and {@code clicks}; the only place where this module makes them. */
package dev.tandem.quickstart.feed;
