package dev.tandem.retrieval.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pieces of a tokenizer.json by their ids, as far as they must be known outside the native tokenizer.
 *
 * @param model WordPiece, BPE or Unigram
 * @param pieceById the model's own pieces; ids may have gaps, but in WordPiece
 * @param size one more than the largest id, added tokens included
 */
record Vocabulary(String model, SortedMap<Integer, String> pieceById, int size) {
    private static final Set<String> SUPPORTED = Set.of("WordPiece", "BPE", "Unigram");

    /** @param origin the file, for messages */
    static Vocabulary of(JsonNode tokenizer, String origin) {
        JsonNode json = tokenizer.path("model");
        String model = model(json);
        if (!SUPPORTED.contains(model)) {
            throw new IllegalArgumentException(
                    "Expected a WordPiece, BPE or Unigram tokenizer in %s, found model type \"%s\""
                            .formatted(origin, model));
        }
        SortedMap<Integer, String> pieces = pieces(json.path("vocab"), origin);
        if (model.equals("WordPiece") && pieces.lastKey() != pieces.size() - 1) {
            throw new IllegalArgumentException("The vocabulary of %s has no piece with id %d; expected ids 0 to %d"
                    .formatted(origin, firstGap(pieces), pieces.lastKey()));
        }
        int size = pieces.lastKey() + 1;
        for (JsonNode added : tokenizer.path("added_tokens")) {
            size = Math.max(size, id(added.path("id"), origin) + 1);
        }
        return new Vocabulary(model, pieces, size);
    }

    /** The distinct pieces. */
    Set<String> pieces() {
        return new HashSet<>(pieceById.values());
    }

    /** Older files leave the type out: only BPE has merges, only Unigram a list of pieces with their scores. */
    private static String model(JsonNode json) {
        String untyped = json.has("merges") ? "BPE" : json.path("vocab").isArray() ? "Unigram" : "WordPiece";
        return json.path("type").asText(json.has("vocab") ? untyped : "none");
    }

    private static SortedMap<Integer, String> pieces(JsonNode vocab, String origin) {
        SortedMap<Integer, String> pieces = new TreeMap<>();
        if (vocab.isArray()) {
            for (JsonNode piece : vocab) {
                pieces.put(pieces.size(), piece.path(0).asText());
            }
        } else {
            for (Map.Entry<String, JsonNode> piece : vocab.properties()) {
                pieces.put(id(piece.getValue(), origin), piece.getKey());
            }
        }
        if (pieces.isEmpty() || pieces.size() != vocab.size()) {
            throw new IllegalArgumentException("The vocabulary of %s is empty or gives one id twice".formatted(origin));
        }
        return pieces;
    }

    private static int id(JsonNode id, String origin) {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "Expected a vocabulary with whole ids from 0 in %s, found %s".formatted(origin, id));
        }
        return id.asInt();
    }

    private static int firstGap(SortedMap<Integer, String> pieces) {
        int expected = 0;
        while (pieces.containsKey(expected)) {
            expected++;
        }
        return expected;
    }
}
