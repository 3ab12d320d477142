package dev.tandem.retrieval.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A token with a task of its own, by its key in tokenizer_config.json and by what the families call it. */
enum SpecialToken {
    PAD("pad_token", "[PAD]", "<pad>"),
    UNK("unk_token", "[UNK]", "<unk>"),
    CLS("cls_token", "[CLS]", "<s>"),
    SEP("sep_token", "[SEP]", "</s>"),
    MASK("mask_token", "[MASK]", "<mask>");

    private final String key;
    private final String ofBert;
    private final String ofRoberta;

    SpecialToken(String key, String ofBert, String ofRoberta) {
        this.key = key;
        this.ofBert = ofBert;
        this.ofRoberta = ofRoberta;
    }

    String key() {
        return key;
    }

    String ofBert() {
        return ofBert;
    }

    /** What tokenizer_config.json calls it, as text or as an added token's content. */
    String in(JsonNode config, String otherwise) {
        JsonNode token = config.path(key);
        return token.path("content").asText(token.asText(otherwise));
    }

    /** What a vocabulary calls it. */
    Optional<String> in(Set<String> vocabulary) {
        return Stream.of(ofBert, ofRoberta).filter(vocabulary::contains).findFirst();
    }
}
