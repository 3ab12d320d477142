package dev.tandem.retrieval.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The tokenizer.json that stands for a bare vocab.txt: BERT's normalizer, pre-tokenizer and framing around its pieces. */
final class WordPieceJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private WordPieceJson() {}

    static String fromVocabulary(List<String> pieces, boolean lowercase) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        var addedTokens = root.putArray("added_tokens");
        for (String special : SPECIAL) {
            addedTokens.add(specialToken(special, id(special, pieces)));
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("lowercase", lowercase)
                .putNull("strip_accents");
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode framing = root.putObject("post_processor").put("type", "BertProcessing");
        framing.putArray("sep").add("[SEP]").add(id("[SEP]", pieces));
        framing.putArray("cls").add("[CLS]").add(id("[CLS]", pieces));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode vocab = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100)
                .putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            vocab.put(pieces.get(id), id);
        }
        return root.toString();
    }

    private static ObjectNode specialToken(String content, int id) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static int id(String special, List<String> pieces) {
        int id = pieces.indexOf(special);
        if (id < 0) {
            throw new IllegalArgumentException(
                    "vocab.txt has no piece %s, which BERT's framing needs".formatted(special));
        }
        return id;
    }
}
