/**
 * Lines of text files from outside: bounded, checked field by field, and refused one by one with file and line number;
 * {@link dev.tandem.retrieval.line.CandidateListLine}, the form of a candidate list in a file.
 */
package dev.tandem.retrieval.line;
