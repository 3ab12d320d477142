package dev.tandem.miner;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.CandidateRole;
import dev.tandem.events.Label;
import dev.tandem.events.LabelSource;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.ListKind;
import dev.tandem.events.Topics;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Labels from their event to the record the mining understands, and lists from their record to the event. */
final class MinedLists {
    /** Far more than any encoder here reads of a passage. */
    private static final int MOST_TEXT_CHARS = 8_000;
    /** Bytes of UTF-8 in a Java character, at most. */
    private static final int BYTES_PER_CHAR = 3;

    private MinedLists() {}

    /** A labelled query as the mining sees it: a judgement outweighs clicks on the same passage. */
    static TrainingQuery query(LabelledQuery labelled) {
        Set<String> notRelevant = labelled.getLabels().stream()
                .filter(label -> label.getSource() == LabelSource.JUDGED && label.getGrade() <= 0)
                .map(Label::getPassageId)
                .collect(Collectors.toSet());
        List<String> positives = labelled.getLabels().stream()
                .filter(label -> label.getGrade() >= 1)
                .map(Label::getPassageId)
                .filter(passageId -> !notRelevant.contains(passageId))
                .toList();
        return new TrainingQuery(
                new QueryKey(labelled.getQueryKey()),
                new Query(labelled.getQueryId(), labelled.getText()),
                positives,
                List.copyOf(notRelevant),
                labelled.getFreshestFeedbackAt());
    }

    /**
     * A list as its event.
     *
     * @param labelled the labels it was made from; they say where its positive comes from
     * @param minedAt now
     */
    static CandidateListMined event(CandidateList list, LabelledQuery labelled, Instant minedAt) {
        int mostChars = Math.min(
                MOST_TEXT_CHARS,
                Topics.MAX_EVENT_BYTES / 2 / BYTES_PER_CHAR / list.candidates().size());
        return new CandidateListMined(
                list.key().value(),
                list.query().id(),
                list.query().text(),
                ListKind.valueOf(list.kind().name()),
                source(list.candidates().get(0), labelled),
                list.candidates().stream()
                        .map(candidate -> event(candidate, mostChars))
                        .toList(),
                list.minedBy(),
                list.seed(),
                list.freshestFeedbackAt(),
                minedAt);
    }

    private static dev.tandem.events.Candidate event(Candidate candidate, int mostChars) {
        return new dev.tandem.events.Candidate(
                CandidateRole.valueOf(candidate.role().name()),
                candidate.passage().id(),
                cut(candidate.passage().title(), mostChars / 2),
                cut(candidate.passage().text(), mostChars),
                candidate.retrieverScore(),
                candidate.retrieverRank(),
                candidate.rerankerScore());
    }

    /** Null without a positive; judged where anybody judged it, or, for a pseudo-positive, any passage of the query. */
    private static LabelSource source(Candidate positive, LabelledQuery labelled) {
        if (positive.role() != Candidate.Role.POSITIVE && positive.role() != Candidate.Role.PSEUDO_POSITIVE) {
            return null;
        }
        boolean isJudged = labelled.getLabels().stream()
                .filter(label -> label.getSource() == LabelSource.JUDGED && label.getGrade() >= 1)
                .anyMatch(label -> positive.role() == Candidate.Role.PSEUDO_POSITIVE
                        || label.getPassageId().equals(positive.passage().id()));
        return isJudged ? LabelSource.JUDGED : LabelSource.CLICKS;
    }

    private static String cut(String text, int mostChars) {
        if (text.length() <= mostChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(mostChars - 1)) ? mostChars - 1 : mostChars;
        return text.substring(0, end);
    }
}
