/** Directories that processes share: {@link dev.tandem.retrieval.file.DirectoryLock}. */
package dev.tandem.retrieval.file;
