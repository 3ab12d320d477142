package dev.tandem.trainer.offline;

import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.TextLines;
import java.util.Locale;

/** How candidate lists are written in a file; told from its first line. */
public enum Layout {
    /** {@link CandidateListLine}. */
    TANDEM {
        @Override
        ListReader reader(TextLines lines) {
            return new OneListPerLine(lines, CandidateListLine::read);
        }
    },
    /** {@link RocketQaRows}. */
    ROCKETQA {
        @Override
        ListReader reader(TextLines lines) {
            return new RocketQaRows(lines);
        }
    },
    /** {@link FlagEmbeddingLine}. */
    FLAG_EMBEDDING {
        @Override
        ListReader reader(TextLines lines) {
            return new OneListPerLine(lines, FlagEmbeddingLine::read);
        }
    },
    /** {@link TevatronLine}. */
    TEVATRON {
        @Override
        ListReader reader(TextLines lines) {
            return new OneListPerLine(lines, TevatronLine::read);
        }
    };

    /**
     * @param lines of which a reader that goes on has skipped those before a list
     */
    abstract ListReader reader(TextLines lines);

    /** How it is named by users. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    @Override
    public String toString() {
        return label();
    }

    /**
     * The layout of a file.
     *
     * @throws IllegalArgumentException if its first line is of none
     */
    static Layout of(String firstLine) {
        if (RocketQaRows.isRow(firstLine)) {
            return ROCKETQA;
        }
        JsonLine json = JsonLine.of(firstLine);
        if (json.optional("candidates").isPresent()) {
            return TANDEM;
        }
        if (json.optional("positive_passages").isPresent()) {
            return TEVATRON;
        }
        if (json.optional("pos").isPresent()) {
            return FLAG_EMBEDDING;
        }
        throw new IllegalArgumentException(
                "expected \"candidates\" (tandem), \"positive_passages\" (tevatron) or \"pos\" (flagembedding), got %s"
                        .formatted(JsonLine.shortened(firstLine)));
    }
}
