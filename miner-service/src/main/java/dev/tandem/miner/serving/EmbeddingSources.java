package dev.tandem.miner.serving;

/**
 * Passages that an index was given since its checkpoint was opened, by where their embeddings came from.
 *
 * @param offered came with the promotion
 * @param kept were on disk, from a former life or an earlier reign of the checkpoint, or are of the text of another passage
 * @param encoded were made here
 */
public record EmbeddingSources(long offered, long kept, long encoded) {
    static final EmbeddingSources NONE = new EmbeddingSources(0, 0, 0);
}
