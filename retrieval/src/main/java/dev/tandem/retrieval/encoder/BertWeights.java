package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads model.safetensors under the names that Hugging Face's BERT classes have used over the years.
 *
 * <p>The trunk may stand with or without {@code bert.}, LayerNorm's weight and bias may be called gamma and beta, and heads
 * of other tasks may be present. Anything else unexpected is refused.
 */
final class BertWeights {
    static final String FILE = "model.safetensors";
    private static final Pattern OTHER_HEADS = Pattern.compile(
            "(cls|bert\\.pooler|pooler|classifier|qa_outputs)\\..*|(bert\\.)?embeddings\\.position_ids");

    private final Path file;
    private final SafeTensors tensors;
    private final Map<String, String> storedNameByName;

    private BertWeights(Path file, SafeTensors tensors, Map<String, String> storedNameByName) {
        this.file = file;
        this.tensors = tensors;
        this.storedNameByName = storedNameByName;
    }

    static BertWeights open(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException(
                    "%s is missing. Save the model with transformers' save_pretrained, which writes it."
                            .formatted(file));
        }
        SafeTensors tensors = SafeTensors.open(file);
        Map<String, String> storedNames = new LinkedHashMap<>();
        for (String stored : tensors.names()) {
            String previous = storedNames.put(modern(stored), stored);
            if (previous != null) {
                throw new InvalidModelException(
                        "%s: tensors %s and %s are the same weight".formatted(file, previous, stored));
            }
        }
        return new BertWeights(file, tensors, storedNames);
    }

    /** Whether a weight of this name and shape is stored. */
    boolean has(String name, Shape shape) {
        String stored = storedNameByName.get(modern(name));
        return stored != null && tensors.shape(stored).equals(shape);
    }

    NDArray read(NDManager manager, String name) {
        return tensors.read(manager, stored(name));
    }

    /** Reads the weights of these names and shapes, in their order, after all of them have been checked. */
    Map<String, NDArray> read(NDManager manager, Map<String, Shape> shapes) {
        requireNothingElse(shapes.keySet());
        shapes.forEach((name, shape) -> tensors.require(stored(name), shape));
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> arrays.put(name, tensors.read(manager, stored(name))));
        return arrays;
    }

    private void requireNothingElse(Set<String> names) {
        List<String> unexpected = new ArrayList<>(storedNameByName.keySet());
        unexpected.removeAll(names.stream().map(BertWeights::modern).toList());
        unexpected.removeIf(name -> OTHER_HEADS.matcher(name).matches());
        if (!unexpected.isEmpty()) {
            throw new InvalidModelException("%s: tensor %s is unexpected: its config.json describes no such weight"
                    .formatted(file, storedNameByName.get(unexpected.get(0))));
        }
    }

    private String stored(String name) {
        String stored = storedNameByName.get(modern(name));
        if (stored == null) {
            throw new InvalidModelException("%s: tensor %s is missing".formatted(file, name));
        }
        return stored;
    }

    /** Without {@code bert.} and with today's LayerNorm names. */
    private static String modern(String name) {
        return name.replaceFirst("^bert\\.", "")
                .replaceFirst("\\.LayerNorm\\.gamma$", ".LayerNorm.weight")
                .replaceFirst("\\.LayerNorm\\.beta$", ".LayerNorm.bias");
    }
}
