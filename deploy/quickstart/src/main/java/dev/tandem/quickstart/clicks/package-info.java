/**
 * Simulated users: what real ones would do with the passages the running system shows them, so that the click path works
 * for real where no real users are. Everything they send carries a user id that begins with {@code simulated-}.
 */
package dev.tandem.quickstart.clicks;
