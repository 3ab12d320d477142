package dev.tandem.retrieval.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeddings of passages by one encoder, on disk, found by what was encoded.
 *
 * <p>Format, big-endian: a header of 16 bytes {@code TANDEM-EMBED-1} and two line feeds, the dimension D (4 bytes) and the SHA-256
 * of the name of the vector space; then records of one size, each a {@link ContentKey} (16 bytes), D floats and the CRC-32C of both.
 * A file with another header is emptied, a record that is damaged or cut off is left out: what is missing is encoded again. A killed process loses the record it was writing. Used by one thread at a time; locked,
 * so that no other file handle, here or in another process, writes it too.
 */
public final class EmbeddingFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingFile.class);
    private static final byte[] MAGIC = "TANDEM-EMBED-1\n\n".getBytes(UTF_8);
    private static final int HEADER_BYTES = MAGIC.length + Integer.BYTES + 32;
    private static final int RECORDS_AT_ONCE = 256;

    private final Path path;
    private final FileChannel channel;
    private final int dimension;
    private final int recordBytes;
    private final Map<ContentKey, Long> rows = new HashMap<>();
    private long records;

    private EmbeddingFile(Path path, FileChannel channel, int dimension) {
        this.path = path;
        this.channel = channel;
        this.dimension = dimension;
        this.recordBytes = recordBytes(dimension);
    }

    private static int recordBytes(int dimension) {
        return ContentKey.BYTES + dimension * Float.BYTES + Integer.BYTES;
    }

    /** Bytes of a file with so many embeddings. */
    public static long bytes(int dimension, long embeddings) {
        return HEADER_BYTES + embeddings * recordBytes(dimension);
    }

    /**
     * Opens a file, or makes an empty one.
     *
     * @param space name of the vector space: everything that decides what its embeddings are
     * @throws IOException if it cannot be read or written, or is open elsewhere
     */
    public static EmbeddingFile open(Path path, String space, int dimension) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new IOException("%s is in use by another process".formatted(path));
            }
            EmbeddingFile file = new EmbeddingFile(path, channel, dimension);
            file.load(space);
            return file;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e instanceof IOException io ? io : new IOException("%s is in use already".formatted(path), e);
        }
    }

    private void load(String space) throws IOException {
        ByteBuffer expected = ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC)
                .putInt(dimension)
                .put(ContentKey.sha256().digest(space.getBytes(UTF_8)))
                .flip();
        ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES);
        channel.read(found, 0);
        if (!found.flip().equals(expected)) {
            if (channel.size() > 0) {
                LOG.warn("Embeddings in {} are not this encoder's, or damaged: all are encoded again", path);
            }
            channel.truncate(0).write(expected, 0);
        }
        records = (channel.size() - HEADER_BYTES) / recordBytes;
        for (long row = 0; row < records; row += RECORDS_AT_ONCE) {
            scan(row, (int) Math.min(RECORDS_AT_ONCE, records - row));
        }
        if (rows.size() < records) {
            LOG.warn("{} of {} embeddings in {} are damaged and encoded again", records - rows.size(), records, path);
        }
        channel.truncate(position(records));
    }

    private void scan(long first, int count) throws IOException {
        ByteBuffer block = read(first, count);
        for (int i = 0; i < count; i++) {
            ByteBuffer record = block.slice(i * recordBytes, recordBytes);
            if (record.getInt(recordBytes - Integer.BYTES) == checksum(record)) {
                rows.put(ContentKey.read(record), first + i);
            }
        }
    }

    /** The embedding of a content, null where it is not here. */
    public float[] find(ContentKey key) throws IOException {
        Long row = rows.get(key);
        if (row == null) {
            return null;
        }
        float[] embedding_D = new float[dimension];
        read(row, 1).position(ContentKey.BYTES).slice().asFloatBuffer().get(embedding_D);
        return embedding_D;
    }

    /** Adds embeddings; of a content that is here already the one that is here stays. */
    public void add(Map<ContentKey, float[]> embeddings) throws IOException {
        Map<ContentKey, float[]> added = new LinkedHashMap<>(embeddings);
        added.keySet().removeAll(rows.keySet());
        ByteBuffer block = ByteBuffer.allocate(added.size() * recordBytes);
        added.forEach((key, embedding_D) -> {
            ByteBuffer record = block.slice(block.position(), recordBytes);
            key.write(record);
            record.slice(ContentKey.BYTES, dimension * Float.BYTES)
                    .asFloatBuffer()
                    .put(embedding_D);
            record.putInt(recordBytes - Integer.BYTES, checksum(record));
            block.position(block.position() + recordBytes);
        });
        write(block.flip(), records);
        for (ContentKey key : added.keySet()) {
            rows.put(key, records++);
        }
    }

    /** Embeddings here, and the room of those that were damaged. */
    public long size() {
        return records;
    }

    /** Gives up all embeddings but some; killed in between, it still has these. */
    public void keepOnly(Set<ContentKey> keys) throws IOException {
        List<Map.Entry<ContentKey, Long>> kept = new ArrayList<>(rows.entrySet());
        kept.removeIf(entry -> !keys.contains(entry.getKey()));
        kept.sort(Map.Entry.comparingByValue());
        rows.clear();
        long row = 0;
        for (Map.Entry<ContentKey, Long> entry :
                kept) { // a record never moves backwards over one that is still to be moved
            if (entry.getValue() != row) {
                write(read(entry.getValue(), 1), row);
            }
            rows.put(entry.getKey(), row++);
        }
        records = row;
        channel.truncate(position(records));
    }

    private int checksum(ByteBuffer record) {
        CRC32C sum = new CRC32C();
        sum.update(record.slice(0, recordBytes - Integer.BYTES));
        return (int) sum.getValue();
    }

    private ByteBuffer read(long row, int count) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(count * recordBytes);
        while (block.hasRemaining()) {
            if (channel.read(block, position(row) + block.position()) < 0) {
                throw new IOException("%s ends in row %d".formatted(path, row));
            }
        }
        return block.flip();
    }

    private void write(ByteBuffer block, long row) throws IOException {
        while (block.hasRemaining()) {
            channel.write(block, position(row) + block.position());
        }
    }

    private long position(long row) {
        return HEADER_BYTES + row * recordBytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
