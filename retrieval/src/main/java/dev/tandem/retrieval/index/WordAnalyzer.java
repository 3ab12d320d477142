package dev.tandem.retrieval.index;

import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.GENERATE_WORD_PARTS;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.PRESERVE_ORIGINAL;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * English words and the words inside identifiers: {@code parseISODate} gives itself, parse, iso and date.
 *
 * <p>Lower case, without stop words, stemmed by Porter's rules. Identifiers stay whole as well, so that a name typed in
 * full finds its passage first.
 */
final class WordAnalyzer extends Analyzer {
    private static final int SPLIT = GENERATE_WORD_PARTS
            | GENERATE_NUMBER_PARTS
            | SPLIT_ON_CASE_CHANGE
            | PRESERVE_ORIGINAL
            | STEM_ENGLISH_POSSESSIVE;

    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
        Tokenizer words = new StandardTokenizer();
        TokenStream parts = new WordDelimiterGraphFilter(words, SPLIT, null);
        TokenStream lower = new LowerCaseFilter(parts);
        TokenStream telling = new StopFilter(lower, EnglishAnalyzer.ENGLISH_STOP_WORDS_SET);
        return new TokenStreamComponents(words, new PorterStemFilter(telling));
    }

    /** The terms of a text with the number of times each occurs, at most {@code limit} different ones. */
    Map<String, Integer> terms(String text, int limit) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        try (TokenStream stream = tokenStream("", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                if (counts.size() < limit || counts.containsKey(term.toString())) {
                    counts.merge(term.toString(), 1, Integer::sum);
                }
            }
            stream.end();
            return counts;
        } catch (IOException e) {
            throw new UncheckedIOException("A text in memory can always be read", e);
        }
    }
}
