/**
 * Text to token ids: framing, truncation, and the tokenizer's files.
 *
 * <p>A query is framed {@code [CLS] q [SEP]}; a passage {@code [CLS] title [SEP] text [SEP]}, the longer part cut first;
 * a cross input {@code [CLS] query [SEP] title text [SEP]}, only the second part cut. Whatever truncation or padding a
 * {@code tokenizer.json} asks for is switched off: lengths are decided here, padding where a batch is formed.
 */
package dev.tandem.retrieval.token;
