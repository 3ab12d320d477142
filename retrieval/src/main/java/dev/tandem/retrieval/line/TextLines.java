package dev.tandem.retrieval.line;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lines of a text file from outside, one at a time and bounded: a line that is too long, is no UTF-8 or is not
 * what the reader expects is refused with its number, and reading goes on.
 */
public final class TextLines implements AutoCloseable {
    /** Longer lines are refused unread unless another bound is set; an event of that size would not fit its topic either. */
    public static final int MOST_BYTES = 1024 * 1024;

    private static final int BLOCK = 1 << 16;

    /** What happens with a line; throws {@link IllegalArgumentException} to refuse it. */
    @FunctionalInterface
    public interface Reader {
        void read(String line);
    }

    private final String name;
    private final InputStream in;
    private final Refusals refusals;
    private final int mostBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] block = new byte[BLOCK];
    private int from;
    private int to;
    private long number;

    /**
     * @param name of the file as the user knows it, for messages
     * @param in its bytes
     * @param refusals gets the lines that are not taken
     */
    public TextLines(String name, InputStream in, Refusals refusals) {
        this(name, in, refusals, MOST_BYTES);
    }

    /**
     * @param mostBytes longer lines are refused unread
     */
    public TextLines(String name, InputStream in, Refusals refusals, int mostBytes) {
        this.name = name;
        this.in = in;
        this.refusals = refusals;
        this.mostBytes = mostBytes;
    }

    /** Reads a whole file. */
    public static void of(Path file, Refusals refusals, Reader reader) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            new TextLines(file.getFileName().toString(), in, refusals).forEach(reader);
        }
    }

    /** Hands every line that is not blank to the reader, without its line end. */
    public void forEach(Reader reader) throws IOException {
        while (next()) {
            try {
                String text = text();
                if (!text.isBlank()) {
                    reader.read(text);
                }
            } catch (IllegalArgumentException e) {
                refuse(e.getMessage());
            }
        }
    }

    /** Goes on to the next line; false at the end of the file. */
    public boolean next() throws IOException {
        line.reset();
        if (from == to && !fill()) {
            return false;
        }
        number++;
        do {
            int end = lineEnd();
            line.write(
                    block, from, Math.min(end - from, mostBytes + 1 - line.size())); // one too many tells a longer line
            from = end;
            if (from < to) {
                from++; // past the line feed
                return true;
            }
        } while (fill());
        return true;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(block));
        return to > 0;
    }

    private int lineEnd() {
        int end = from;
        while (end < to && block[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Number of the present line, from 1. */
    public long number() {
        return number;
    }

    /**
     * The present line without its line feed.
     *
     * @throws IllegalArgumentException if it is too long or no UTF-8
     */
    public String text() {
        if (line.size() > mostBytes) {
            throw new IllegalArgumentException("expected at most %d bytes, got a longer line".formatted(mostBytes));
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return number == 1 ? withoutByteOrderMark(text) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("expected UTF-8, got bytes that are none", e);
        }
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Refuses the present line. */
    public void refuse(String reason) {
        refuse(number, 1, reason);
    }

    /** Refuses a number of lines that belong together, beginning with an earlier one. */
    public void refuse(long line, long lines, String reason) {
        refusals.add(name, line, lines, reason);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
