package dev.tandem.miner.mining;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.QueryKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random choices that come out the same for the same query, champion, seed and kind of list. */
final class Sampling {
    private Sampling() {}

    /** {@link Random}, because its sequence is part of its specification. */
    static Random random(QueryKey key, String minedBy, long seed, CandidateList.Kind kind) {
        String inputs = "%s/%s/%d/%s".formatted(key, minedBy, seed, kind);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(inputs.getBytes(UTF_8));
            return new Random(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Up to {@code count} different elements, each as likely as any other. */
    static <T> List<T> sample(List<T> from, int count, Random random) {
        List<T> shuffled = new ArrayList<>(from);
        int taken = Math.min(count, shuffled.size());
        for (int i = 0; i < taken; i++) {
            Collections.swap(shuffled, i, i + random.nextInt(shuffled.size() - i));
        }
        return shuffled.subList(0, taken);
    }
}
