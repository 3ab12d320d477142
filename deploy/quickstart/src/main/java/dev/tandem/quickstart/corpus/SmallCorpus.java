package dev.tandem.quickstart.corpus;

import dev.tandem.retrieval.Passage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A corpus that small encoders learn in seconds: made-up words, and queries that repeat some of their passage's. */
public final class SmallCorpus {
    private static final String[] SYLLABLES = {
        "ba", "ke", "li", "mo", "nu", "pra", "ste", "tri", "vo", "zu", "dar", "fen", "gis", "hol", "jun"
    };
    private static final int WORDS = 300;

    private SmallCorpus() {}

    /** The same seed gives the same corpus. */
    public static Corpus of(int passages, int heldOut, long seed) {
        Random random = new Random(seed);
        List<String> words = words();
        List<Passage> published = new ArrayList<>();
        List<JudgedQuery> queries = new ArrayList<>();
        for (int i = 0; i < passages; i++) {
            Collections.shuffle(words, random);
            String id = "p%04d".formatted(i);
            published.add(new Passage(id, words.get(0), String.join(" ", words.subList(1, 15))));
            List<String> asked = new ArrayList<>(words.subList(0, 15));
            Collections.shuffle(asked, random);
            queries.add(new JudgedQuery("q%04d".formatted(i), String.join(" ", asked.subList(0, 5)), Map.of(id, 1)));
        }
        return new Corpus(published, queries.subList(heldOut, passages), queries.subList(0, heldOut));
    }

    private static List<String> words() {
        List<String> words = new ArrayList<>();
        Random random = new Random(0);
        while (words.size() < WORDS) {
            String word = SYLLABLES[random.nextInt(SYLLABLES.length)]
                    + SYLLABLES[random.nextInt(SYLLABLES.length)]
                    + SYLLABLES[random.nextInt(SYLLABLES.length)];
            if (!words.contains(word)) {
                words.add(word);
            }
        }
        return words;
    }
}
