/** The command line: {@code ./tandem quickstart}, {@code load}, {@code queries}, {@code clicks}, {@code promotions}, {@code search}, {@code corpus}, {@code train}. */
package dev.tandem.quickstart.cli;
