/** Looks at a machine, a broker and a checkpoint store, and says what to mend before Tandem runs there. */
package dev.tandem.quickstart.doctor;
