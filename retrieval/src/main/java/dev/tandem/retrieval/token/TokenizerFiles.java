package dev.tandem.retrieval.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A tokenizer's files as Hugging Face names them, held in memory so that a model can be saved after its source is gone.
 *
 * @param tokenizerJson content of tokenizer.json
 * @param tokenizerConfig content of tokenizer_config.json
 * @param vocabulary content of vocab.txt, one piece a line, line number = id; only WordPiece has one
 * @param vocabularySize one more than the largest id
 */
public record TokenizerFiles(
        String tokenizerJson, String tokenizerConfig, Optional<String> vocabulary, int vocabularySize) {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String VOCABULARY = "vocab.txt";
    private static final String INPUTS = "model_input_names";
    private static final long MAX_BYTES = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    public TokenizerFiles {
        requireNonNull(tokenizerJson, "tokenizerJson is null");
        requireNonNull(tokenizerConfig, "tokenizerConfig is null");
        requireNonNull(vocabulary, "vocabulary is null");
    }

    /** Reads a model directory that has a tokenizer.json or, failing that, a vocab.txt. */
    public static TokenizerFiles read(Path directory) {
        Path config = directory.resolve(CONFIG);
        String tokenizerConfig = Files.isRegularFile(config) ? text(config) : null;
        ObjectNode settings =
                tokenizerConfig == null ? JSON.createObjectNode() : object(tokenizerConfig, config.toString());
        Path tokenizer = directory.resolve(TOKENIZER);
        if (Files.isRegularFile(tokenizer)) {
            return of(text(tokenizer), tokenizerConfig, tokenizer.toString());
        }
        Path vocabulary = directory.resolve(VOCABULARY);
        if (Files.isRegularFile(vocabulary)) {
            String json = WordPieceJson.fromVocabulary(text(vocabulary).lines().toList(), settings);
            return of(json, tokenizerConfig, vocabulary.toString());
        }
        throw new IllegalArgumentException("Expected %s or %s in %s, found neither. Save the model with its tokenizer."
                .formatted(TOKENIZER, VOCABULARY, directory));
    }

    /** From a tokenizer.json alone, wherever it lies; the other files follow from it. */
    public static TokenizerFiles ofTokenizerJson(Path tokenizerJson) {
        return of(text(tokenizerJson), null, tokenizerJson.toString());
    }

    private static TokenizerFiles of(String tokenizerJson, String tokenizerConfig, String origin) {
        ObjectNode tokenizer = object(tokenizerJson, origin);
        Vocabulary vocabulary = Vocabulary.of(tokenizer, origin);
        String config = tokenizerConfig != null ? tokenizerConfig : defaultConfig(tokenizer, vocabulary);
        Optional<String> lines = vocabulary.model().equals("WordPiece")
                ? Optional.of(String.join("\n", vocabulary.pieceById().values()) + "\n")
                : Optional.empty();
        return new TokenizerFiles(tokenizerJson, config, lines, vocabulary.size());
    }

    /** The same for a model that takes no token types: tokenizer_config.json says that none are made. */
    public TokenizerFiles withoutTokenTypes() {
        ObjectNode config = object(tokenizerConfig, CONFIG);
        config.putArray(INPUTS).add("input_ids").add("attention_mask");
        return new TokenizerFiles(tokenizerJson, config.toPrettyString() + "\n", vocabulary, vocabularySize);
    }

    /** Writes the files into a model directory. */
    public void write(Path directory) {
        try {
            Files.writeString(directory.resolve(TOKENIZER), tokenizerJson);
            Files.writeString(directory.resolve(CONFIG), tokenizerConfig);
            if (vocabulary.isPresent()) {
                Files.writeString(directory.resolve(VOCABULARY), vocabulary.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the tokenizer's files to " + directory, e);
        }
    }

    private static String defaultConfig(ObjectNode tokenizer, Vocabulary vocabulary) {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        Set<String> pieces = vocabulary.pieces();
        for (SpecialToken special : SpecialToken.values()) {
            special.in(pieces).ifPresent(name -> config.put(special.key(), name));
        }
        config.put("clean_up_tokenization_spaces", false);
        config.putArray(INPUTS).add("input_ids").add("token_type_ids").add("attention_mask");
        JsonNode normalizer = tokenizer.path("normalizer");
        if (normalizer.path("type").asText().equals("BertNormalizer")) {
            config.put("tokenizer_class", "BertTokenizer");
            config.put("do_lower_case", normalizer.path("lowercase").asBoolean(true));
        }
        return config.toPrettyString() + "\n";
    }

    private static ObjectNode object(String json, String origin) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException("%s: expected a JSON object".formatted(origin));
        } catch (IOException e) {
            throw new IllegalArgumentException("%s is not valid JSON".formatted(origin), e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "%s has %d bytes; at most %d are accepted".formatted(file, Files.size(file), MAX_BYTES));
            }
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read %s as UTF-8".formatted(file), e);
        }
    }
}
