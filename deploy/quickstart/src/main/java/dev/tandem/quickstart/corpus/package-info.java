/**
 * What the quickstart searches: methods of well-known Java libraries, or any directory in BEIR layout.
 *
 * <p>A query is what a developer would ask (the first sentence of a method's Javadoc), its passage is the method
 * without that Javadoc. {@link dev.tandem.quickstart.corpus.JavaCorpus} makes both from source jars on the class path;
 * {@link dev.tandem.quickstart.corpus.BeirDirectory} reads and writes them.
 */
package dev.tandem.quickstart.corpus;
