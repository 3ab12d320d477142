package dev.tandem.quickstart.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How many events of a source the broker has confirmed, in a small file, so that the same command goes on where it was stopped.
 *
 * <p>A source that was changed, another command and another Kafka cluster each begin anew. Up to {@value #EVERY} events may be
 * sent a second time after a kill: they have the same ids, and count once where their lines name ids.
 */
public final class SendingMark {
    /** Events from one confirmation to the next. */
    static final int EVERY = 10_000;

    /** Null where nothing is kept. */
    private final Path file;

    private final long before;
    private long events;

    private SendingMark(Path file, long before) {
        this.file = file;
        this.before = before;
    }

    /** Of a source that cannot be read twice: all is sent, and nothing kept. */
    public static SendingMark none() {
        return new SendingMark(null, 0);
    }

    /**
     * The mark of a command.
     *
     * @param directory of all marks
     * @param what the command, with whatever else decides which events come, and the id of the Kafka cluster
     * @param source file or directory that is read
     */
    public static SendingMark of(Path directory, String what, Path source) throws IOException {
        String name = "%s of %s, %d bytes, changed %s"
                .formatted(
                        what,
                        source.toRealPath(),
                        Files.size(source),
                        Files.getLastModifiedTime(source).toInstant());
        Path file = directory.resolve(digest(name));
        return new SendingMark(file, Files.exists(file) ? read(file) : 0);
    }

    /** The same from its first event. */
    public SendingMark again() {
        return new SendingMark(file, 0);
    }

    private static long read(Path file) throws IOException {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (NumberFormatException e) {
            return 0; // written whole or not at all, so by somebody else
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Events that an earlier run has sent. */
    public long before() {
        return before;
    }

    /**
     * Sends the next event, if no earlier run has.
     *
     * @throws org.apache.kafka.common.KafkaException if the broker does not take what was sent
     */
    public void send(EventFeed feed, Runnable event) {
        events++;
        if (events <= before) {
            return;
        }
        event.run();
        if (file != null && events % EVERY == 0) {
            feed.flush();
            write();
        }
    }

    private void write() {
        try {
            Files.createDirectories(file.getParent());
            Path aside = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(aside, Long.toString(events));
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep how much was sent in " + file, e);
        }
    }

    /** All is sent and confirmed: the same command sends it again. */
    public void done() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
