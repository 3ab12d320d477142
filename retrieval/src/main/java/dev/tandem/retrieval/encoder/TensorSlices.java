package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;

/**
 * Copies a tensor from a file into PyTorch's memory slice by slice: outside its heap Java may hold less than a large
 * vocabulary's embedding takes.
 */
final class TensorSlices {
    private static final int MAX_ELEMENTS = 1 << 20;

    private TensorSlices() {}

    /**
     * Fills a tensor with the values from {@code position} on.
     *
     * @param dtype what the file holds: F32, F16 or BF16
     * @param tensor at least one element, float32
     */
    static void read(FileChannel channel, long position, String dtype, NDArray tensor) throws IOException {
        long size = tensor.size();
        int slice = (int) Math.min(size, MAX_ELEMENTS);
        boolean half = !dtype.equals("F32");
        int width = half ? Short.BYTES : Float.BYTES;
        ByteBuffer raw = ByteBuffer.allocateDirect(slice * width);
        ByteBuffer wide = half ? ByteBuffer.allocateDirect(slice * Float.BYTES) : raw;
        try (NDArray flat = tensor.reshape(-1)) {
            for (long from = 0; from < size; from += slice) {
                int count = (int) Math.min(slice, size - from);
                SafeTensors.read(channel, position + from * width, raw.clear().limit(count * width));
                if (half) {
                    widen(raw, dtype, wide.clear().limit(count * Float.BYTES));
                }
                try (NDArray values = tensor.getManager().create(wide, new Shape(count), DataType.FLOAT32)) {
                    flat.set(new NDIndex().addSliceDim(from, from + count), values);
                }
            }
        }
    }

    private static void widen(ByteBuffer raw, String dtype, ByteBuffer wide) {
        FloatBuffer floats = wide.order(ByteOrder.nativeOrder()).asFloatBuffer();
        while (raw.hasRemaining()) {
            short bits = raw.getShort();
            floats.put(dtype.equals("BF16") ? Float.intBitsToFloat(bits << 16) : HalfFloat.toFloat(bits));
        }
    }
}
