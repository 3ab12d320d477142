package dev.tandem.miner.offline;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.line.JsonLine;
import java.util.Locale;

/** A candidate list as people read it: who is in it, why, and what both models thought of it. */
public final class ExplainedList {
    private static final int WIDTH = 110;
    private static final String ROW = "%4s  %-15s %5s %9s %9s  %s";

    private ExplainedList() {}

    /** The list, two lines for a candidate. */
    public static String of(CandidateList list) {
        StringBuilder text = new StringBuilder();
        text.append(
                "%s: %s%n".formatted(list.query().id(), shortened(list.query().text())));
        text.append(
                "%s list, mined by %s, seed %d%n".formatted(JsonLine.name(list.kind()), list.minedBy(), list.seed()));
        text.append(ROW.formatted("", "role", "rank", "retriever", "re-ranker", "passage"));
        for (int i = 0; i < list.candidates().size(); i++) {
            text.append(System.lineSeparator()).append(row(i, list.candidates().get(i)));
        }
        return text.toString();
    }

    private static String row(int index, Candidate candidate) {
        String first = ROW.formatted(
                index,
                JsonLine.name(candidate.role()),
                candidate.retrieverRank() == null ? "–" : candidate.retrieverRank(),
                score(candidate.retrieverScore()),
                score(candidate.rerankerScore()),
                shortened(candidate.passage().id()));
        String content = "%s %s"
                .formatted(candidate.passage().title(), candidate.passage().text());
        return first + System.lineSeparator() + "      " + shortened(content);
    }

    private static String score(Float score) {
        return score == null ? "–" : String.format(Locale.ROOT, "%.4f", score);
    }

    /** On one line that a terminal shows. */
    private static String shortened(String text) {
        String line = text.replaceAll("[\\s\\p{Cc}\\p{Cf}]+", " ").strip();
        int end = line.offsetByCodePoints(0, Math.min(line.codePointCount(0, line.length()), WIDTH));
        return end == line.length() ? line : line.substring(0, end) + "…";
    }
}
