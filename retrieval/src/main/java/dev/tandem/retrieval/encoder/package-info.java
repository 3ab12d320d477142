/**
 * The dual encoder (retriever) and the cross encoder (re-ranker): BERT and its kin ({@code Family}) in the Hugging
 * Face layout on PyTorch.
 *
 * <p>The arithmetic is one page of TorchScript ({@code bert.torchscript}), called as a function of its weights, which are
 * plain arrays of ours ({@link dev.tandem.retrieval.encoder.Parameters}). Array names end in their shape: B sequences (N
 * where they are passages or pairs), T tokens, D embedding size.
 *
 * <p>Native memory: an encoder owns its weights and frees them on {@code close}; everything a training forward makes
 * belongs to the caller's step manager and must stay open until the backward pass is over; inference frees all it takes.
 */
package dev.tandem.retrieval.encoder;
