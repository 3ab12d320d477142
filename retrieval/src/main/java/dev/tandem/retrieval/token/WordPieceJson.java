package dev.tandem.retrieval.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The tokenizer.json that stands for a bare vocab.txt: BERT's normalizer, pre-tokenizer and framing around its pieces. */
final class WordPieceJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> pieces;
    private final JsonNode config;

    private WordPieceJson(List<String> pieces, JsonNode config) {
        this.pieces = pieces;
        this.config = config;
    }

    /**
     * From pieces in the order of their ids.
     *
     * @param config tokenizer_config.json, which may say do_lower_case, strip_accents, tokenize_chinese_chars and what the
     *     special tokens are called; BERT's defaults where it does not
     */
    static String fromVocabulary(List<String> pieces, JsonNode config) {
        return new WordPieceJson(pieces, config).json().toString();
    }

    private ObjectNode json() {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        var addedTokens = root.putArray("added_tokens");
        for (SpecialToken special : SpecialToken.values()) {
            addedTokens.add(addedToken(special));
        }
        root.set("normalizer", normalizer());
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode framing = root.putObject("post_processor").put("type", "BertProcessing");
        framing.putArray("sep").add(content(SpecialToken.SEP)).add(id(SpecialToken.SEP));
        framing.putArray("cls").add(content(SpecialToken.CLS)).add(id(SpecialToken.CLS));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        root.set("model", model());
        return root;
    }

    private ObjectNode normalizer() {
        ObjectNode normalizer = JSON.createObjectNode()
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put(
                        "handle_chinese_chars",
                        config.path("tokenize_chinese_chars").asBoolean(true))
                .put("lowercase", config.path("do_lower_case").asBoolean(true));
        JsonNode strip = config.path("strip_accents");
        return strip.isBoolean()
                ? normalizer.put("strip_accents", strip.asBoolean())
                : normalizer.putNull("strip_accents");
    }

    private ObjectNode model() {
        ObjectNode model = JSON.createObjectNode()
                .put("type", "WordPiece")
                .put("unk_token", content(SpecialToken.UNK))
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            vocabulary.put(pieces.get(id), id);
        }
        return model;
    }

    private ObjectNode addedToken(SpecialToken special) {
        return JSON.createObjectNode()
                .put("id", id(special))
                .put("content", content(special))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private String content(SpecialToken special) {
        return special.in(config, special.ofBert());
    }

    private int id(SpecialToken special) {
        int id = pieces.indexOf(content(special));
        if (id < 0) {
            throw new IllegalArgumentException(
                    "vocab.txt has no piece %s, which BERT's framing needs".formatted(content(special)));
        }
        return id;
    }
}
