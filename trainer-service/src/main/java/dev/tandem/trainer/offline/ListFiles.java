package dev.tandem.trainer.offline;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.line.CompressedFile;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files a run learns from, in their order. All are read once before training begins: what is wrong with them shows in the
 * first minute and not after hours, and their digests tell whether a run goes on with the files it began with.
 */
public final class ListFiles {
    /** So many lines are read before a file may be given up half read. */
    private static final long ENOUGH_TO_JUDGE = 10_000;

    private final Optional<Layout> given;
    private final double mostRefused;
    private final Runnable everyList;
    private final Refusals refusals = new Refusals(this::requireHope);
    private final List<ListFile> files = new ArrayList<>();
    private TextLines reading; // lines of the file after those

    private ListFiles(Optional<Layout> given, double mostRefused, Runnable everyList) {
        this.given = given;
        this.mostRefused = mostRefused;
        this.everyList = everyList;
    }

    /**
     * Reads all files once.
     *
     * @param layout of all of them; without it each file's first line tells
     * @param mostRefused share of the lines that may be refused, 0 to 1; once it is exceeded after 10,000 lines, the
     *     rest is not read
     * @param everyList told of each list, to show progress
     * @throws IOException if a file cannot be read, too much is refused, or there is no list at all
     */
    public static ListFiles read(List<Path> paths, Optional<Layout> layout, double mostRefused, Runnable everyList)
            throws IOException {
        ListFiles files = new ListFiles(layout, mostRefused, everyList);
        try {
            for (Path path : paths) {
                files.read(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause(); // from the midst of a file
        }
        if (files.isTooMuchRefused()) {
            throw files.tooMuchRefused();
        }
        if (files.lists() == 0) {
            throw new IOException("Expected candidate lists in %s, found none".formatted(paths));
        }
        return files;
    }

    private void read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException("Expected a file %s, found none.".formatted(path));
        }
        Layout layout = given.isPresent() ? given.get() : recognise(path);
        MessageDigest digest = sha256();
        long rows = 0;
        long lists = 0;
        long labelled = 0;
        try (InputStream bytes = new DigestInputStream(new BufferedInputStream(Files.newInputStream(path)), digest);
                TextLines lines = ListFile.lines(path, CompressedFile.decompressed(path, bytes), refusals);
                ListReader reader = layout.reader(lines)) {
            reading = lines;
            for (Optional<ListReader.Numbered> next = reader.next(); next.isPresent(); next = reader.next()) {
                lists++;
                labelled += next.get().list().kind() == CandidateList.Kind.UNLABELLED ? 0 : 1;
                everyList.run();
            }
            rows = lines.number();
            bytes.transferTo(OutputStream.nullOutputStream()); // what may follow the end of the compressed data
        } catch (IOException e) {
            throw new IOException("Cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
        reading = null;
        String hex = HexFormat.of().formatHex(digest.digest());
        files.add(new ListFile(path, layout, Files.size(path), hex, rows, lists, labelled));
    }

    private static Layout recognise(Path path) throws IOException {
        try (TextLines lines = ListFile.lines(path, CompressedFile.open(path), new Refusals())) {
            while (lines.next()) {
                if (!lines.text().isBlank()) {
                    return Layout.of(lines.text());
                }
            }
            throw new IOException("Expected candidate lists in %s, it is empty.".formatted(path));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "Cannot tell the layout of %s by its first line: %s. Name it by --format."
                            .formatted(path, e.getMessage()),
                    e);
        }
    }

    private void requireHope() {
        if (linesRead() >= ENOUGH_TO_JUDGE && isTooMuchRefused()) {
            throw new UncheckedIOException(tooMuchRefused());
        }
    }

    private boolean isTooMuchRefused() {
        return refusals.count() > mostRefused * linesRead();
    }

    private long linesRead() {
        return files.stream().mapToLong(ListFile::rows).sum() + (reading == null ? 0 : reading.number());
    }

    private IOException tooMuchRefused() {
        return new IOException(
                "Expected to refuse at most %.0f %% of the lines, refused %d of %d. Correct the files, name their layout by --format, or allow more by --most-refused. The first: %s"
                        .formatted(
                                100 * mostRefused,
                                refusals.count(),
                                linesRead(),
                                refusals.first().get(0)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** The files in their order. */
    public List<ListFile> files() {
        return List.copyOf(files);
    }

    /** Lists of all files. */
    public long lists() {
        return files.stream().mapToLong(ListFile::lists).sum();
    }

    /** Lists that have a positive. */
    public long labelled() {
        return files.stream().mapToLong(ListFile::labelled).sum();
    }

    /** What was not taken. */
    public Refusals refusals() {
        return refusals;
    }
}
