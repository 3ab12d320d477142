package dev.tandem.trainer.offline;

import dev.tandem.retrieval.CandidateList;
import java.io.IOException;
import java.util.Optional;

/** Reads the lists of one file in order, and refuses what is none. */
interface ListReader extends AutoCloseable {
    /**
     * A list of a file.
     *
     * @param offset lines before its first one
     */
    record Numbered(long offset, CandidateList list) {}

    /** The next list; empty at the end of the file. */
    Optional<Numbered> next() throws IOException;

    /** Lines before the next list; reading can go on there. */
    long position();

    @Override
    void close() throws IOException;
}
