/** Faults on a running ring, one after another, and an audit of everything that was sent to it: what a fault may cost. */
package dev.tandem.quickstart.drill;
