package dev.tandem.retrieval.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Learns a WordPiece vocabulary from text and writes it as a Hugging Face {@code tokenizer.json}.
 *
 * <p>The pieces are found as Hugging Face's {@code WordPieceTrainer} finds them: words are spelled in characters, those
 * inside a word marked {@code ##}, and the most frequent pair of neighbours is merged until the vocabulary is full. Equal
 * counts are decided by the pieces themselves, so that one text always gives one vocabulary.
 *
 * <p>The tokenizer lower-cases and strips accents as BERT does, and splits identifiers at a change of case first
 * ({@code getHTTPServer} is {@code get http server}). Punctuation is dropped: it says little of what a passage is about, and
 * would fill half of the length in source code. All that is written into the file, so whatever loads it does the same.
 */
public final class WordPieceTrainer {
    static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private static final String CASE_CHANGE = "(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])";
    private static final String PUNCTUATION = "[^\\p{L}\\p{N}\\p{M}]+";
    private static final Pattern SPLIT_CASE = Pattern.compile(CASE_CHANGE);
    private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");
    /** Words as BERT's pre-tokenizer sees them: runs of letters and digits; punctuation and ideographs stand alone. */
    private static final Pattern WORD = Pattern.compile(
            "\\p{IsIdeographic}|[\\p{L}\\p{N}\\p{M}&&[^\\p{IsIdeographic}]]+|[^\\s\\p{L}\\p{N}\\p{M}\\p{C}]");

    private static final int LONGEST_WORD = 100;
    private static final int LARGEST_ALPHABET = 1000;

    private WordPieceTrainer() {}

    /**
     * Trains a vocabulary.
     *
     * @param texts what the encoders will read, passages and queries alike
     * @param vocabularySize number of pieces, special tokens and single characters included
     * @param tokenizerJson file to write
     */
    public static void train(Stream<String> texts, int vocabularySize, Path tokenizerJson) throws IOException {
        Map<String, Long> counts = texts.flatMap(WordPieceTrainer::words)
                .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("Expected texts to learn a vocabulary from, got none");
        }
        new ObjectMapper().writeValue(tokenizerJson.toFile(), tokenizer(vocabulary(counts, vocabularySize)));
    }

    private static Stream<String> words(String text) {
        String split = SPLIT_CASE.matcher(text).replaceAll(" ").toLowerCase(Locale.ROOT);
        String folded = ACCENTS.matcher(Normalizer.normalize(split, Normalizer.Form.NFD))
                .replaceAll("");
        return WORD.matcher(folded).results().map(match -> match.group()).filter(word -> word.length() <= LONGEST_WORD);
    }

    private static Set<String> vocabulary(Map<String, Long> counts, int size) {
        List<MergingWords.Word> words = new ArrayList<>();
        Map<String, Long> characters = new TreeMap<>();
        counts.forEach((word, count) -> {
            List<String> pieces = spell(word);
            pieces.forEach(piece -> characters.merge(piece, count, Long::sum));
            words.add(new MergingWords.Word(pieces, count));
        });
        Set<String> vocabulary = new LinkedHashSet<>(SPECIAL);
        characters.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(LARGEST_ALPHABET) // rare scripts must not fill the vocabulary
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(vocabulary::add);
        MergingWords merging = new MergingWords(words);
        while (vocabulary.size() < size) {
            String piece = merging.mergeMostFrequentPair();
            if (piece == null) {
                break; // every word is one piece already
            }
            vocabulary.add(piece);
        }
        return vocabulary;
    }

    private static List<String> spell(String word) {
        List<String> pieces = new ArrayList<>();
        word.codePoints().forEach(c -> pieces.add((pieces.isEmpty() ? "" : "##") + Character.toString(c)));
        return pieces;
    }

    private static ObjectNode tokenizer(Set<String> vocabulary) {
        ObjectNode root = new ObjectMapper().createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.add(replaceByBlank(CASE_CHANGE));
        normalizers.add(replaceByBlank(PUNCTUATION));
        normalizers
                .addObject()
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", true);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode ends = root.putObject("post_processor").put("type", "BertProcessing");
        ends.putArray("sep").add("[SEP]").add(SPECIAL.indexOf("[SEP]"));
        ends.putArray("cls").add("[CLS]").add(SPECIAL.indexOf("[CLS]"));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", LONGEST_WORD);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(piece -> ids.put(piece, ids.size()));
        return root;
    }

    private static ObjectNode replaceByBlank(String regex) {
        ObjectNode replace = new ObjectMapper().createObjectNode().put("type", "Replace");
        replace.putObject("pattern").put("Regex", regex);
        return replace.put("content", " ");
    }
}
