package dev.tandem.miner.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.CompressedFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file of candidate lists, one a line, that is there whole or not at all; compressed as its name says. */
public final class MinedListFile implements AutoCloseable {
    private final Path file;
    private final Path aside;
    private final BufferedWriter out;

    private MinedListFile(Path file, Path aside, BufferedWriter out) {
        this.file = file;
        this.aside = aside;
        this.out = out;
    }

    /** Begins a file, beside its place. */
    public static MinedListFile begin(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path aside = file.resolveSibling(".part-" + file.getFileName());
        return new MinedListFile(
                file, aside, new BufferedWriter(new OutputStreamWriter(CompressedFile.create(aside), UTF_8)));
    }

    /** Appends a list. */
    public void add(CandidateList list) throws IOException {
        out.append(CandidateListLine.write(list)).append('\n');
    }

    /** Moves it into its place, over what was there. */
    public void commit() throws IOException {
        out.close();
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What was not committed leaves no trace. */
    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(aside);
    }
}
