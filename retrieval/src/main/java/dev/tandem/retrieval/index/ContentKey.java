package dev.tandem.retrieval.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Passage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What an encoder reads of a passage, hashed: the first 16 bytes of the SHA-256 of its title and its text. */
public record ContentKey(long high, long low) {
    static final int BYTES = 2 * Long.BYTES;

    /** The key of what a passage says; its id has no part in it. */
    public static ContentKey of(Passage passage) {
        byte[] title = passage.title().getBytes(UTF_8);
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(title.length).flip());
        digest.update(title);
        return read(ByteBuffer.wrap(digest.digest(passage.text().getBytes(UTF_8))));
    }

    static ContentKey read(ByteBuffer from) {
        return new ContentKey(from.getLong(), from.getLong());
    }

    void write(ByteBuffer into) {
        into.putLong(high).putLong(low);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
