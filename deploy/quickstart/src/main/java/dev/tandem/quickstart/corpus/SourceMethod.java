package dev.tandem.quickstart.corpus;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Passage;

/**
 * A public documented method.
 *
 * @param topLevelClass its outermost class, fully qualified; the split goes by it
 * @param passage title is class and method, text is signature and body
 * @param sentence first sentence of the Javadoc
 */
record SourceMethod(String topLevelClass, Passage passage, String sentence) {
    SourceMethod {
        requireNonNull(topLevelClass, "topLevelClass is null");
        requireNonNull(passage, "passage is null");
        requireNonNull(sentence, "sentence is null");
    }
}
