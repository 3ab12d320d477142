package dev.tandem.retrieval.encoder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source into the archive that PyTorch's loader reads.
 *
 * <p>An archive is a zip of uncompressed entries: the class as text ({@code code/__torch__.py}), one pickled instance of it
 * ({@code data.pkl}) with its attributes, an empty tuple of tensor constants, and a format version.
 */
final class TorchArchive {
    private static final String CLASS = "Functions";
    /** Pickle protocol 2's opcodes; see Python's pickletools. */
    private static final byte[] PROTOCOL_2 = {(byte) 0x80, 2};

    private static final int EMPTY_TUPLE = ')';
    private static final int NEW_OBJECT = 0x81;
    private static final int EMPTY_DICT = '}';
    private static final int MARK = '(';
    private static final int UNICODE = 'X';
    private static final int INT = 'J';
    private static final int FLOAT = 'G';
    private static final int TRUE = 0x88;
    private static final int SET_ITEMS = 'u';
    private static final int BUILD = 'b';
    private static final int STOP = '.';

    private TorchArchive() {}

    static void write(Path file, String source, Map<String, Number> constants) throws IOException {
        Map<String, Number> sorted = new TreeMap<>(constants);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, "data.pkl", pickle(sorted));
            add(zip, "code/__torch__.py", code(source, sorted).getBytes(UTF_8));
            add(zip, "constants.pkl", new byte[] {PROTOCOL_2[0], PROTOCOL_2[1], EMPTY_TUPLE, STOP});
            add(zip, "version", "10\n".getBytes(US_ASCII));
        }
    }

    private static String code(String source, Map<String, Number> constants) {
        StringBuilder code = new StringBuilder("class " + CLASS + "(Module):\n");
        code.append("  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        constants.forEach((name, value) ->
                code.append("  %s : %s\n".formatted(name, value instanceof Integer ? "int" : "float")));
        source.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.replaceFirst("^def (\\w+)\\(", "def $1(self: __torch__." + CLASS + ", "))
                .forEach(line -> code.append("  ").append(line).append('\n'));
        return code.toString();
    }

    private static byte[] pickle(Map<String, Number> constants) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(PROTOCOL_2);
        out.write(("c__torch__\n" + CLASS + "\n").getBytes(US_ASCII));
        out.write(EMPTY_TUPLE);
        out.write(NEW_OBJECT);
        out.write(EMPTY_DICT);
        out.write(MARK);
        key(out, "training");
        out.write(TRUE);
        for (Map.Entry<String, Number> constant : constants.entrySet()) {
            key(out, constant.getKey());
            if (constant.getValue() instanceof Integer integer) {
                out.write(INT);
                out.write(littleEndian(integer));
            } else {
                out.write(FLOAT);
                out.write(ByteBuffer.allocate(Double.BYTES)
                        .putDouble(constant.getValue().doubleValue())
                        .array());
            }
        }
        out.write(SET_ITEMS);
        out.write(BUILD);
        out.write(STOP);
        return out.toByteArray();
    }

    private static void key(ByteArrayOutputStream out, String key) throws IOException {
        byte[] bytes = key.getBytes(UTF_8);
        out.write(UNICODE);
        out.write(littleEndian(bytes.length));
        out.write(bytes);
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("functions/" + name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
