package dev.tandem.retrieval.encoder;

/** Numbers that linear maps and attention compute with; weights, their gradients and all else are float32 throughout. */
public enum Precision {
    /** {@link #BF16} on a GPU, {@link #FP32} on a CPU. */
    AUTO,
    FP32,
    /** 8 bits of mantissa and the range of float32, so that no loss needs scaling. A GPU does it fast from Ampere on. */
    BF16
}
