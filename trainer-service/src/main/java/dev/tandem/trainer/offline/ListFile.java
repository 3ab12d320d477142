package dev.tandem.trainer.offline;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.CompressedFile;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of candidate lists, once it has been read from beginning to end.
 *
 * @param bytes its size as it lies there, compressed or not
 * @param sha256 of those bytes
 * @param rows lines it has
 * @param lists lists that were taken
 * @param labelled lists among them that have a positive
 */
public record ListFile(Path path, Layout layout, long bytes, String sha256, long rows, long lists, long labelled) {
    public ListFile {
        requireNonNull(path, "path is null");
        requireNonNull(layout, "layout is null");
        requireNonNull(sha256, "sha256 is null");
    }

    /**
     * Reads it once more.
     *
     * @param offset lines to pass over
     * @throws IOException if it has another size than when it was first read
     */
    ListReader openAt(long offset) throws IOException {
        if (Files.size(path) != bytes) {
            throw new IOException(
                    "Expected %s to stay as it was when the run began, it has %d bytes instead of %d. Start again with the file as it was."
                            .formatted(path, Files.size(path), bytes));
        }
        TextLines lines = lines(path, CompressedFile.open(path), new Refusals()); // counted when it was first read
        for (long i = 0; i < offset && lines.next(); i++) {}
        return layout.reader(lines);
    }

    static TextLines lines(Path path, InputStream in, Refusals refusals) {
        return new TextLines(path.getFileName().toString(), in, refusals, CandidateListLine.MOST_BYTES);
    }
}
