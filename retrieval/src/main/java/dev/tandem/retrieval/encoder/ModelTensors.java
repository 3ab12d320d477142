package dev.tandem.retrieval.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The tensors of a model directory: those of model.safetensors or, where it is missing, of the files (shards) that
 * model.safetensors.index.json names.
 *
 * <p>Opening reads headers alone. An index and its shards must agree: each tensor is in the one file that the index says.
 */
final class ModelTensors {
    static final String FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MAX_SHARDS = 1000;
    /** A plain name, so that no index reaches outside its directory. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors");

    private final Map<String, SafeTensors> fileByName;

    private ModelTensors(Map<String, SafeTensors> fileByName) {
        this.fileByName = fileByName;
    }

    static ModelTensors open(Path directory) {
        Path file = directory.resolve(FILE);
        Path index = directory.resolve(INDEX);
        if (Files.isRegularFile(file)) {
            SafeTensors tensors = SafeTensors.open(file);
            Map<String, SafeTensors> fileByName = new LinkedHashMap<>();
            tensors.names().forEach(name -> fileByName.put(name, tensors));
            return new ModelTensors(fileByName);
        }
        if (Files.isRegularFile(index)) {
            return new ModelTensors(shards(index));
        }
        throw new InvalidModelException(
                "%s is missing, and so is %s. Save the model with transformers' save_pretrained, which writes them."
                        .formatted(file, INDEX));
    }

    Set<String> names() {
        return fileByName.keySet();
    }

    /** The file that holds a tensor; null where none does. */
    SafeTensors holding(String name) {
        return fileByName.get(name);
    }

    private static Map<String, SafeTensors> shards(Path index) {
        Map<String, Set<String>> namesByShard = namesByShard(index);
        Map<String, SafeTensors> fileByName = new LinkedHashMap<>();
        namesByShard.forEach((shard, names) -> {
            SafeTensors tensors = openShard(index, shard);
            requireSame(index, shard, names, tensors.names());
            tensors.names().forEach(name -> fileByName.put(name, tensors));
        });
        return fileByName;
    }

    private static Map<String, Set<String>> namesByShard(Path index) {
        JsonNode weightMap = JsonFiles.readObject(index).path("weight_map");
        Map<String, Set<String>> namesByShard = new TreeMap<>();
        weightMap.properties().forEach(entry -> {
            String shard = entry.getValue().isTextual() ? entry.getValue().asText() : "";
            if (!SHARD.matcher(shard).matches()) {
                throw new InvalidModelException(
                        "%s: tensor %s is said to be in %s; expected the name of a .safetensors file beside the index"
                                .formatted(index, JsonFiles.printable(entry.getKey()), JsonFiles.printable(shard)));
            }
            namesByShard.computeIfAbsent(shard, unseen -> new TreeSet<>()).add(entry.getKey());
        });
        if (namesByShard.isEmpty() || namesByShard.size() > MAX_SHARDS) {
            throw new InvalidModelException("%s: expected weight_map to name 1 to %d files, found %d"
                    .formatted(index, MAX_SHARDS, namesByShard.size()));
        }
        return namesByShard;
    }

    private static SafeTensors openShard(Path index, String shard) {
        Path file = index.resolveSibling(shard);
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException("%s names %s, which is missing".formatted(index, shard));
        }
        return SafeTensors.open(file);
    }

    private static void requireSame(Path index, String shard, Set<String> expected, Set<String> found) {
        for (String name : expected) {
            if (!found.contains(name)) {
                throw new InvalidModelException("%s: tensor %s is not in %s, where the index says"
                        .formatted(index, JsonFiles.printable(name), shard));
            }
        }
        for (String name : found) {
            if (!expected.contains(name)) {
                throw new InvalidModelException(
                        "%s: tensor %s is in %s, where the index has none".formatted(index, name, shard));
            }
        }
    }
}
