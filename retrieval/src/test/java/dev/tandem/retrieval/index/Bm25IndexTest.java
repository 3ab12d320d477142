package dev.tandem.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bm25IndexTest {
    private final Bm25Index index = new Bm25Index();

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void scoresAsTheFormulaSays() {
        index.put(new Passage("short", "", "apple"));
        index.put(new Passage("long", "", "apple banana cherry"));
        index.put(new Passage("other", "", "banana banana"));

        Ranking ranking = index.search("apple", 10);

        double idf = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
        double averageLength = (1 + 3 + 2) / 3.0;
        double shortScore = idf * 1 / (1 + 1.5 * (1 - 0.75 + 0.75 * 1 / averageLength));
        double longScore = idf * 1 / (1 + 1.5 * (1 - 0.75 + 0.75 * 3 / averageLength));
        assertEquals(List.of("short", "long"), ranking.passageIds());
        assertEquals(shortScore, ranking.hits().get(0).score(), 1e-6);
        assertEquals(longScore, ranking.hits().get(1).score(), 1e-6);
    }

    @Test
    void findsTheWordsInsideAnIdentifierAndTheIdentifierItself() {
        index.put(new Passage("p1", "StringUtils", "public static boolean isBlank(CharSequence cs)"));
        index.put(new Passage("p2", "DateFormats", "Date parseISODate(String text)"));

        assertEquals(List.of("p1"), index.search("blank char", 10).passageIds());
        assertEquals(List.of("p2"), index.search("iso dates", 10).passageIds());
        assertEquals(List.of("p2"), index.search("parseISODate", 1).passageIds());
        assertEquals(
                List.of("p1"), index.search("strings utility string utils", 1).passageIds());
    }

    @Test
    void stemsAndLeavesStopWordsOut() {
        index.put(new Passage("p1", "", "returns the sorted list"));

        assertEquals(1, index.search("sorting lists", 10).size());
        assertEquals(0, index.search("the and of", 10).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "AND OR NOT",
                "a:b^2~ (\"unclosed [x TO",
                "*?\\",
                "+-&&||!(){}",
                "/regex/",
                "\u0000\uD800",
                "日本語 検索",
                "\uD83D\uDE00"
            })
    void searchesAnyText(String text) {
        index.put(new Passage("p1", "title", "some text with unclosed regex"));

        assertTrue(index.search(text, 10).size() <= 1);
    }

    @Test
    void searchesATextOfManyThousandWords() {
        index.put(new Passage("p1", "title", "some text word1"));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("word").append(i).append(' ');
        }

        assertEquals(1, index.search(text.toString(), 10).size());
    }

    @Test
    void seesEveryChangeMadeBefore() {
        index.put(new Passage("p1", "", "apple"));
        assertEquals(List.of("p1"), index.search("apple", 10).passageIds());

        index.put(new Passage("p1", "", "banana"));
        assertEquals(0, index.search("apple", 10).size());
        assertEquals(List.of("p1"), index.search("banana", 10).passageIds());
        assertEquals(1, index.size());

        index.remove("p1");
        assertEquals(0, index.search("banana", 10).size());
        assertEquals(0, index.size());
    }

    @Test
    void cutsEqualScoresOffByPassageIdDescending() {
        for (int i : new int[] {3, 1, 5, 2, 4}) {
            index.put(new Passage("p" + i, "", "apple"));
            index.search("apple", 1);
        }

        assertEquals(List.of("p5", "p4"), index.search("apple", 2).passageIds());
    }
}
