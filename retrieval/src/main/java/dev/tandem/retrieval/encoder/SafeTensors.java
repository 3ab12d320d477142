package dev.tandem.retrieval.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Named tensors in one file, Hugging Face's safetensors format: read as float32 from F32, F16 or BF16, written as F32 or
 * BF16.
 *
 * <p>Opening reads and checks the header alone; a tensor costs memory when it is asked for. The format: 8 bytes length
 * (little endian), that many bytes of JSON, the data.
 */
public final class SafeTensors {
    private static final long MAX_HEADER_BYTES = 8L << 20;

    private final Path file;
    private final long dataStart;
    private final Map<String, SafeTensorsHeader.Entry> entries;

    private SafeTensors(Path file, long dataStart, Map<String, SafeTensorsHeader.Entry> entries) {
        this.file = file;
        this.dataStart = dataStart;
        this.entries = entries;
    }

    /** Reads and checks the header; throws {@link InvalidModelException} naming tensor and fault. */
    public static SafeTensors open(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new InvalidModelException("%s: %d bytes are too few for a header length".formatted(file, size));
            }
            long length = read(channel, 0, ByteBuffer.allocate(Long.BYTES)).getLong();
            requireLength(file, length, size);
            byte[] header =
                    read(channel, Long.BYTES, ByteBuffer.allocate((int) length)).array();
            long dataStart = Long.BYTES + length;
            return new SafeTensors(file, dataStart, SafeTensorsHeader.parse(file.toString(), header, size - dataStart));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static void requireLength(Path file, long header, long size) {
        if (header < 2 || header > size - Long.BYTES) {
            throw new InvalidModelException("%s: header length %s does not fit a file of %d bytes"
                    .formatted(file, Long.toUnsignedString(header), size));
        }
        if (header > MAX_HEADER_BYTES) {
            throw new InvalidModelException(
                    "%s: the header has %d bytes; at most %d are accepted".formatted(file, header, MAX_HEADER_BYTES));
        }
    }

    public Set<String> names() {
        return entries.keySet();
    }

    public Shape shape(String name) {
        return new Shape(entry(name).shape().stream().mapToLong(Long::longValue).toArray());
    }

    /** Refuses a tensor whose shape or type is not what the model needs; reads none of its data. */
    public void require(String name, Shape expected) {
        SafeTensorsHeader.Entry entry = entry(name);
        if (!shape(name).equals(expected)) {
            throw new InvalidModelException("%s: tensor %s has shape %s, but the model's config asks for %s"
                    .formatted(file, name, shape(name), expected));
        }
        if (!Set.of("F32", "F16", "BF16").contains(entry.dtype())) {
            throw new InvalidModelException(
                    "%s: tensor %s has dtype %s; supported are F32, F16 and BF16".formatted(file, name, entry.dtype()));
        }
    }

    /** One tensor as float32 in PyTorch's own memory. */
    public NDArray read(NDManager manager, String name) {
        Shape shape = shape(name);
        require(name, shape);
        if (shape.size() == 0) {
            return manager.zeros(shape);
        }
        if (shape.size() > Integer.MAX_VALUE / Float.BYTES) {
            throw new InvalidModelException("%s: tensor %s has %d elements; at most %d can be read"
                    .formatted(file, name, shape.size(), Integer.MAX_VALUE / Float.BYTES));
        }
        SafeTensorsHeader.Entry entry = entry(name);
        NDArray tensor = manager.create(shape, DataType.FLOAT32);
        try (FileChannel channel = FileChannel.open(file)) {
            TensorSlices.read(channel, dataStart + entry.begin(), entry.dtype(), tensor);
            return tensor;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read tensor %s of %s".formatted(name, file), e);
        }
    }

    /** All tensors, in file order. */
    public Map<String, NDArray> readAll(NDManager manager) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        names().forEach(name -> tensors.put(name, read(manager, name)));
        return tensors;
    }

    /** Writes float32 tensors as they are, in the map's order, replacing the file. */
    public static void write(Path file, Map<String, NDArray> tensors) {
        write(file, tensors, StoredType.F32);
    }

    /** Writes float32 tensors in the map's order, replacing the file. */
    public static void write(Path file, Map<String, NDArray> tensors, StoredType type) {
        byte[] header = header(tensors, type);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
            write(channel, start.putLong(header.length).put(header).flip());
            for (NDArray tensor : tensors.values()) {
                write(channel, type.encode(tensor.toByteBuffer(true)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static byte[] header(Map<String, NDArray> tensors, StoredType type) {
        ObjectNode json = JsonFiles.object();
        json.putObject("__metadata__").put("format", "pt");
        long begin = 0;
        for (Map.Entry<String, NDArray> named : tensors.entrySet()) {
            NDArray tensor = named.getValue();
            if (tensor.getDataType() != DataType.FLOAT32) {
                throw new IllegalArgumentException(
                        "Only float32 is written, but tensor %s is %s".formatted(named.getKey(), tensor.getDataType()));
            }
            long end = begin + Math.multiplyExact(tensor.getShape().size(), type.bytes());
            ObjectNode entry = json.putObject(named.getKey()).put("dtype", type.name());
            var shape = entry.putArray("shape");
            for (long dimension : tensor.getShape().getShape()) {
                shape.add(dimension);
            }
            entry.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        String text = json.toString();
        int bytes = text.getBytes(UTF_8).length;
        return (text + " ".repeat((Long.BYTES - bytes % Long.BYTES) % Long.BYTES)).getBytes(UTF_8);
    }

    private SafeTensorsHeader.Entry entry(String name) {
        SafeTensorsHeader.Entry entry = entries.get(name);
        if (entry == null) {
            throw new InvalidModelException("%s: tensor %s is missing".formatted(file, name));
        }
        return entry;
    }

    /** Fills the buffer up to its limit, and makes it ready to be read from. */
    static ByteBuffer read(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("The file ended at byte " + (position + buffer.position()));
            }
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
