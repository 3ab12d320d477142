/** Between files, screen and topics: lines become events on {@code passages}, {@code queries} and {@code clicks}, and promotions are read. */
package dev.tandem.quickstart.feed;
