package dev.tandem.retrieval.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a safetensors file says it holds, checked against the file's size before a single tensor is read.
 *
 * <p>Beyond the format's own rules a tensor's name must look like one a model could have; none ever becomes a file name.
 */
final class SafeTensorsHeader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,511}");
    /** Bytes of one element, by the format's name of its type. */
    private static final Map<String, Integer> ELEMENT_BYTES = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F32", 4),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F64", 8));

    /** Where one tensor lies, in bytes from the start of the data, and what it is. */
    record Entry(String name, String dtype, List<Long> shape, long begin, long end) {}

    private final String origin;

    private SafeTensorsHeader(String origin) {
        this.origin = origin;
    }

    /**
     * @param header the bytes after the length, without the data
     * @param dataBytes size of the data that follows
     */
    static Map<String, Entry> parse(String origin, byte[] header, long dataBytes) {
        return new SafeTensorsHeader(origin).entries(header, dataBytes);
    }

    private Map<String, Entry> entries(byte[] header, long dataBytes) {
        requireUtf8(header);
        if (header[0] != '{') {
            throw fault("the header does not begin with {");
        }
        JsonNode json = JsonFiles.parseObject(header, origin + " (header)");
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().equals("__metadata__")) {
                requireStrings(field.getValue());
            } else {
                entries.add(entry(field.getKey(), field.getValue()));
            }
        }
        requireContiguous(entries, dataBytes);
        Map<String, Entry> byName = new LinkedHashMap<>();
        entries.forEach(entry -> byName.put(entry.name(), entry));
        return byName;
    }

    private Entry entry(String name, JsonNode json) {
        if (!NAME.matcher(name).matches()) {
            throw fault("tensor name %s is not one a model could have".formatted(JsonFiles.printable(name)));
        }
        String dtype = json.path("dtype").asText("none");
        Integer elementBytes = ELEMENT_BYTES.get(dtype);
        if (elementBytes == null) {
            throw fault("tensor %s has unknown dtype %s".formatted(name, JsonFiles.printable(dtype)));
        }
        List<Long> shape = naturals(name, "shape", json.path("shape"));
        List<Long> offsets = naturals(name, "data_offsets", json.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw fault("tensor %s has data_offsets %s; expected begin and end".formatted(name, offsets));
        }
        long found = offsets.get(1) - offsets.get(0);
        if (bytes(name, shape, elementBytes) != found) {
            throw fault("tensor %s of shape %s and dtype %s does not fill its %d bytes"
                    .formatted(name, shape, dtype, found));
        }
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private long bytes(String name, List<Long> shape, int elementBytes) {
        try {
            long bytes = elementBytes;
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new InvalidModelException(
                    "%s: tensor %s has shape %s, which overflows".formatted(origin, name, shape), e);
        }
    }

    private List<Long> naturals(String name, String key, JsonNode json) {
        if (!json.isArray() || json.size() > 8) {
            throw fault("tensor %s: expected %s to be a short list of integers".formatted(name, key));
        }
        List<Long> values = new ArrayList<>();
        for (JsonNode element : json) {
            if (!element.isIntegralNumber() || !element.canConvertToLong() || element.asLong() < 0) {
                throw fault("tensor %s: expected %s to hold integers from 0, found %s"
                        .formatted(name, key, JsonFiles.printable(element.asText())));
            }
            values.add(element.asLong());
        }
        return List.copyOf(values);
    }

    private void requireContiguous(List<Entry> entries, long dataBytes) {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : entries) {
            if (entry.begin() != end) {
                throw fault("tensor %s begins at byte %d; expected %d, for tensors neither overlap nor leave holes"
                        .formatted(entry.name(), entry.begin(), end));
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            String last =
                    entries.isEmpty() ? "none" : entries.get(entries.size() - 1).name();
            throw fault("the last tensor (%s) ends at byte %d, but the file has %d bytes of data"
                    .formatted(last, end, dataBytes));
        }
    }

    private void requireStrings(JsonNode metadata) {
        boolean strings = metadata.isObject();
        for (JsonNode value : metadata) {
            strings &= value.isTextual();
        }
        if (!strings) {
            throw fault("__metadata__ must map strings to strings");
        }
    }

    private void requireUtf8(byte[] header) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(header));
        } catch (CharacterCodingException e) {
            throw new InvalidModelException("%s: the header is not UTF-8".formatted(origin), e);
        }
    }

    private InvalidModelException fault(String fault) {
        return new InvalidModelException("%s: %s".formatted(origin, fault));
    }
}
