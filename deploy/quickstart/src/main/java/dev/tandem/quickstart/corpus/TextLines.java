package dev.tandem.quickstart.corpus;

import java.io.BufferedInputStream;
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
public final class TextLines {
    /** Longer lines are refused unread; an event of that size would not fit its topic either. */
    public static final int MOST_BYTES = 1024 * 1024;

    /** What happens with a line; throws {@link IllegalArgumentException} to refuse it. */
    @FunctionalInterface
    public interface Reader {
        void read(String line);
    }

    private final String name;
    private final InputStream in;
    private final Refusals refusals;

    /**
     * @param name of the file as the user knows it, for messages
     * @param in its bytes
     * @param refusals gets the lines that are not taken
     */
    public TextLines(String name, InputStream in, Refusals refusals) {
        this.name = name;
        this.in = new BufferedInputStream(in, 1 << 16);
        this.refusals = refusals;
    }

    /** Reads a whole file. */
    public static void of(Path file, Refusals refusals, Reader reader) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            new TextLines(file.getFileName().toString(), in, refusals).forEach(reader);
        }
    }

    /** Hands every line that is not blank to the reader, without its line end. */
    public void forEach(Reader reader) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 0;
        while (next(line)) {
            number++;
            try {
                String text = decoded(line);
                if (!text.isBlank()) {
                    reader.read(number == 1 ? withoutByteOrderMark(text) : text);
                }
            } catch (IllegalArgumentException e) {
                refusals.add(name, number, e.getMessage());
            }
        }
    }

    /** Fills in the next line, at most one byte more than allowed; false at the end of the file. */
    private boolean next(ByteArrayOutputStream line) throws IOException {
        line.reset();
        int next = in.read();
        if (next < 0) {
            return false;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() <= MOST_BYTES) {
                line.write(next);
            }
        }
        return true;
    }

    private static String decoded(ByteArrayOutputStream line) {
        if (line.size() > MOST_BYTES) {
            throw new IllegalArgumentException("expected at most %d bytes, got a longer line".formatted(MOST_BYTES));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("expected UTF-8, got bytes that are none", e);
        }
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
