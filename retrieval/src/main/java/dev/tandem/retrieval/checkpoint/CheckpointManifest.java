package dev.tandem.retrieval.checkpoint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a checkpoint consists of, as its {@code manifest.json} says.
 *
 * @param header which checkpoint it is
 * @param files every file but the manifest, by path relative to the checkpoint, with {@code /} between names
 */
public record CheckpointManifest(@JsonUnwrapped Header header, SortedMap<String, FileEntry> files) {
    static final String FILE = "manifest.json";
    /** Far more than a manifest needs; a larger file is not read. */
    static final int MAX_BYTES = 1 << 20;

    /** By step, then id. */
    static final Comparator<CheckpointManifest> OLDEST_FIRST = Comparator.comparingLong(
                    (CheckpointManifest manifest) -> manifest.header().step())
            .thenComparing(manifest -> manifest.header().id());

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Which checkpoint it is.
     *
     * @param id letters, digits, dots, dashes and underscores, at most 128
     * @param parent checkpoint it was trained from, null for the first
     * @param step optimizer updates since the first checkpoint
     * @param stage stage of training in which it was saved
     * @param rerankerTrained false while the cross encoder must not be asked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Header(String id, String parent, long step, String stage, boolean rerankerTrained) {
        public Header {
            requireId(id);
            if (parent != null) {
                requireId(parent);
            }
            requireNonNull(stage, "stage is null");
            if (step < 0) {
                throw new IllegalArgumentException("Checkpoint %s: step is %d, expected 0 or more".formatted(id, step));
            }
        }
    }

    /** Digest and size of one file. */
    public record FileEntry(String sha256, long bytes) {
        public FileEntry {
            if (sha256 == null || !SHA_256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("Expected a SHA-256 of 64 hex digits, got \"%s\"".formatted(sha256));
            }
            if (bytes < 0) {
                throw new IllegalArgumentException("A file cannot have %d bytes".formatted(bytes));
            }
        }
    }

    public CheckpointManifest {
        requireNonNull(header, "header is null");
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        files.keySet().forEach(CheckpointManifest::requireInside);
    }

    static boolean isId(String id) {
        return id != null && ID.matcher(id).matches();
    }

    static void requireId(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "Expected a checkpoint id of letters, digits, dots, dashes and underscores, got \"%s\""
                            .formatted(id));
        }
    }

    private static void requireInside(String path) {
        boolean plain = !path.isEmpty() && !path.startsWith("/") && !path.contains("\\") && path.indexOf('\0') < 0;
        for (String name : path.split("/", -1)) {
            plain &= !name.isEmpty() && !".".equals(name) && !"..".equals(name);
        }
        if (!plain) {
            throw new IllegalArgumentException(
                    "Expected a path inside the checkpoint, such as retriever/config.json, got \"%s\"".formatted(path));
        }
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The manifest of %s cannot be written".formatted(header.id()), e);
        }
    }

    /**
     * Reads the manifest of a checkpoint.
     *
     * @throws CheckpointCorruptedException if it is malformed, or another checkpoint's
     */
    static CheckpointManifest parse(String id, byte[] json) {
        try {
            CheckpointManifest parsed = fromJson(json);
            if (!id.equals(parsed.header().id())) {
                throw new IllegalArgumentException(
                        "it says it is checkpoint " + parsed.header().id());
            }
            return parsed;
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointCorruptedException(
                    "The manifest of checkpoint %s is malformed: %s".formatted(id, e.getMessage()), e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it is not JSON
     * @throws IllegalArgumentException if it is JSON of another kind; the message says what is wrong
     */
    static CheckpointManifest fromJson(byte[] json) throws IOException {
        JsonNode root = JSON.readTree(json);
        if (!root.isObject() || !root.path("files").isObject()) {
            throw new IllegalArgumentException("Expected an object with id, step, stage and files");
        }
        SortedMap<String, FileEntry> files = new TreeMap<>();
        root.get("files")
                .properties()
                .forEach(file -> files.put(
                        file.getKey(),
                        new FileEntry(
                                file.getValue().path("sha256").asText(null),
                                file.getValue().path("bytes").asLong(-1))));
        Header header = new Header(
                root.path("id").asText(null),
                root.path("parent").asText(null),
                root.path("step").asLong(-1),
                root.path("stage").asText(null),
                root.path("rerankerTrained").asBoolean(false));
        return new CheckpointManifest(header, files);
    }
}
