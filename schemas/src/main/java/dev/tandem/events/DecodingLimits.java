package dev.tandem.events;

import java.util.List;
import org.apache.avro.SystemLimitException;

/**
 * What a record may claim of itself. Avro makes room for as many bytes or items as a record says that it has before it looks for
 * them: a damaged one of ten bytes would claim the whole memory of the service that reads it.
 */
final class DecodingLimits {
    /** Of what is on the topics and in the stores nothing is larger. */
    private static final int MOST = 4 * Topics.MAX_EVENT_BYTES;

    private DecodingLimits() {}

    /** Sets what is not set; before the first record is read, for Avro looks once. */
    static void set() {
        for (String limit : List.of(
                SystemLimitException.MAX_BYTES_LENGTH_PROPERTY,
                SystemLimitException.MAX_STRING_LENGTH_PROPERTY,
                SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY)) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, Integer.toString(MOST));
            }
        }
    }
}
