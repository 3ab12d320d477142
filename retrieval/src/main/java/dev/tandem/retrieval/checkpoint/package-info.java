/**
 * {@link dev.tandem.retrieval.checkpoint.CheckpointStore}: write atomically, verify digest, open.
 *
 * <p>A store is a directory with one sub-directory per checkpoint, or a bucket with such keys. Each checkpoint has a
 * {@code manifest.json} with the SHA-256 of every other file; the SHA-256 of the manifest is the digest that events carry, so
 * that one hash vouches for all:
 *
 * <pre>
 * manifest.json        id, parent, step, stage, files
 * encoding.json        lengths, pooling, similarity
 * retriever/           tied encoder in the Hugging Face and sentence-transformers layout, or
 * query-encoder/, passage-encoder/
 * cross-encoder/       BertForSequenceClassification
 * training/            what the trainer needs to go on
 * </pre>
 *
 * <p>Beside a promoted checkpoint stand a card for people, {@code README.md}, and perhaps embeddings of passages, {@code
 * embeddings-SHA256}; no digest of the checkpoint covers them.
 */
package dev.tandem.retrieval.checkpoint;
