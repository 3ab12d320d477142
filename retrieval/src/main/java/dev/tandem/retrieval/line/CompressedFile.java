package dev.tandem.retrieval.line;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A file that is compressed as its name says: {@code .zst}, {@code .gz}, or not at all. */
public final class CompressedFile {
    private static final int BLOCK = 1 << 16;

    private CompressedFile() {}

    /** Its content, decompressed. */
    public static InputStream open(Path file) throws IOException {
        return decompressed(file, Files.newInputStream(file));
    }

    /**
     * The decompressed content of a file that is open already.
     *
     * @param bytes of the file as they are; closed if they cannot be decompressed
     */
    public static InputStream decompressed(Path file, InputStream bytes) throws IOException {
        try {
            if (hasSuffix(file, ".zst")) {
                return new ZstdInputStream(bytes);
            }
            return hasSuffix(file, ".gz") ? new GZIPInputStream(bytes, BLOCK) : bytes;
        } catch (IOException e) {
            bytes.close();
            throw new IOException(
                    "Expected %s to be compressed as its name says, it is not: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Creates it, or replaces what was there; close the stream to complete it. */
    public static OutputStream create(Path file) throws IOException {
        OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), BLOCK);
        if (hasSuffix(file, ".zst")) {
            return new ZstdOutputStream(bytes);
        }
        return hasSuffix(file, ".gz") ? new GZIPOutputStream(bytes, BLOCK) : bytes;
    }

    private static boolean hasSuffix(Path file, String suffix) {
        return file.getFileName().toString().endsWith(suffix);
    }
}
