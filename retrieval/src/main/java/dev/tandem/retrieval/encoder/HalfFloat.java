package dev.tandem.retrieval.encoder;

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. Java 17 has no conversion of its own. */
final class HalfFloat {
    private static final int EXPONENT_MAX = 0x1f;
    private static final float SUBNORMAL_UNIT = 0x1p-24f;

    private HalfFloat() {}

    static float toFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & EXPONENT_MAX;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToIntBits(fraction * SUBNORMAL_UNIT));
        }
        int wideExponent = exponent == EXPONENT_MAX ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }
}
