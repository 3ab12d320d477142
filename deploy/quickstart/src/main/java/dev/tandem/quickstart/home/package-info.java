/** The directory under which everything of a quickstart lies, and how the other commands find a running one there. */
package dev.tandem.quickstart.home;
