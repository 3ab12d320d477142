package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a model's tensors under the names that Hugging Face's classes have used over the years.
 *
 * <p>The trunk may stand with or without its prefix ({@code bert.}), LayerNorm's weight and bias may be called gamma and
 * beta, and heads of other tasks may be present. Anything else unexpected is refused.
 */
final class BertWeights {
    private static final Pattern OTHER_HEADS = Pattern.compile(
            "(cls|lm_head|pooler|(pre_)?classifier|qa_outputs|vocab_(transform|layer_norm|projector))\\..*"
                    + "|embeddings\\.position_ids");

    private final Path directory;
    private final Family family;
    private final ModelTensors tensors;
    private final Map<String, String> storedNameByName = new LinkedHashMap<>();

    private BertWeights(Path directory, Family family, ModelTensors tensors) {
        this.directory = directory;
        this.family = family;
        this.tensors = tensors;
        for (String stored : tensors.names()) {
            String previous = storedNameByName.put(modern(stored), stored);
            if (previous != null) {
                throw new InvalidModelException(
                        "%s: tensors %s and %s are the same weight".formatted(directory, previous, stored));
            }
        }
    }

    static BertWeights open(Path directory, Family family) {
        return new BertWeights(directory, family, ModelTensors.open(directory));
    }

    /** Whether a weight of this name and shape is stored. */
    boolean has(String name, Shape shape) {
        String stored = storedNameByName.get(modern(name));
        return stored != null && tensors.holding(stored).shape(stored).equals(shape);
    }

    NDArray read(NDManager manager, String name) {
        String stored = stored(name);
        return tensors.holding(stored).read(manager, stored);
    }

    /** Reads the weights of these names and shapes, in their order, after all of them have been checked. */
    Map<String, NDArray> read(NDManager manager, Map<String, Shape> shapes) {
        requireNothingElse(shapes.keySet());
        shapes.forEach((name, shape) -> {
            String stored = stored(name);
            tensors.holding(stored).require(stored, shape);
        });
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> arrays.put(name, read(manager, name)));
        return arrays;
    }

    private void requireNothingElse(Set<String> names) {
        List<String> unexpected = new ArrayList<>(storedNameByName.keySet());
        unexpected.removeAll(names.stream().map(this::modern).toList());
        unexpected.removeIf(name -> OTHER_HEADS.matcher(name).matches());
        if (!unexpected.isEmpty()) {
            throw new InvalidModelException("%s: tensor %s is unexpected: its config.json describes no such weight"
                    .formatted(directory, storedNameByName.get(unexpected.get(0))));
        }
    }

    private String stored(String name) {
        String stored = storedNameByName.get(modern(name));
        if (stored == null) {
            throw new InvalidModelException("%s: tensor %s is missing".formatted(directory, name));
        }
        return stored;
    }

    /** Without the trunk's prefix and with today's LayerNorm names. */
    private String modern(String name) {
        String inTrunk =
                name.startsWith(family.trunk()) ? name.substring(family.trunk().length()) : name;
        return inTrunk.replaceFirst("\\.LayerNorm\\.gamma$", ".LayerNorm.weight")
                .replaceFirst("\\.LayerNorm\\.beta$", ".LayerNorm.bias");
    }
}
