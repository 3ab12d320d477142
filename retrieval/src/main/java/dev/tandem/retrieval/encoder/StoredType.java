package dev.tandem.retrieval.encoder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** How weights are stored in a file; in memory they are float32. */
public enum StoredType {
    /** Exactly as they are, 4 bytes each. */
    F32("float32", Float.BYTES),
    /** Rounded to the nearest bfloat16 (8 bits of precision, ties to even), 2 bytes each; for serving, not for training on. */
    BF16("bfloat16", Short.BYTES);

    private final String torchName;
    private final int bytes;

    StoredType(String torchName, int bytes) {
        this.torchName = torchName;
        this.bytes = bytes;
    }

    /** PyTorch's name, as config.json gives it. */
    String torchName() {
        return torchName;
    }

    /** Size of one element. */
    int bytes() {
        return bytes;
    }

    /** @param floats float32, little endian */
    ByteBuffer encode(ByteBuffer floats) {
        if (this == F32) {
            return floats;
        }
        FloatBuffer values = floats.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        ByteBuffer halves =
                ByteBuffer.allocateDirect(values.remaining() * bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            halves.putShort(brainFloat(values.get()));
        }
        return halves.flip();
    }

    /** The upper half of the float's bits, rounded by the lower. */
    static short brainFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40); // quiet, lest its payload vanish with the lower half
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
