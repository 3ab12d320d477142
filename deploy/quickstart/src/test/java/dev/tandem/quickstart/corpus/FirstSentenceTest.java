package dev.tandem.quickstart.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstSentenceTest {
    @Test
    void endsAtTheFirstFullStopBeforeABlank() {
        assertSentence("Reads one line from the file", "Reads one line from the file. The file must be open.");
    }

    @Test
    void endsBeforeTheFirstBlockTag() {
        assertSentence("Reads one line", "\n * Reads one line\n * @return the line\n * @see Other");
    }

    @Test
    void endsAtAParagraph() {
        assertSentence("Reads one line from the file", "Reads one line from the file\n<p>It must be open.");
        assertSentence("Reads one line from the file", "<p>Reads one line from the file\n<pre>read()</pre>");
    }

    @Test
    void goesOnAfterAnAbbreviation() {
        assertSentence("Reads a file, e.g. a log, from disk", "Reads a file, e.g. a log, from disk. Twice.");
    }

    @Test
    void unwrapsCodeAndLinks() {
        assertSentence(
                "Returns a List<E> like List.of or of a Map.Entry",
                "Returns a {@code List<E>} like {@link java.util.List#of(Object...)} or {@linkplain #of} a {@link Map.Entry}.");
        assertSentence("Returns the first entry here", "Returns {@link Map.Entry the first entry} here.");
    }

    @Test
    void removesMarkupAndResolvesEntities() {
        assertSentence("Is true if a < b & c", "Is <b>true</b> if <i>a</i> &lt; b &amp; c.");
    }

    @Test
    void isMissingWhereItIsInheritedOrTooShort() {
        assertEquals(Optional.empty(), FirstSentence.of("{@inheritDoc}"));
        assertEquals(Optional.empty(), FirstSentence.of("The size."));
        assertEquals(Optional.empty(), FirstSentence.of("@return the size of the list"));
    }

    private static void assertSentence(String expected, String comment) {
        assertEquals(Optional.of(expected), FirstSentence.of(comment));
    }
}
