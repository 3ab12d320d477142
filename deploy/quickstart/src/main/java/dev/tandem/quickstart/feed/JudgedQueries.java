package dev.tandem.quickstart.feed;

import dev.tandem.events.Judgement;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.quickstart.corpus.JudgedQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** From a judged query to its event. */
public final class JudgedQueries {
    private JudgedQueries() {}

    /**
     * The event of a query that was judged by somebody.
     *
     * @param use whether it may be trained on
     * @param recordedAt when it was judged
     */
    public static QueryRecorded event(JudgedQuery query, QueryUse use, Instant recordedAt) {
        List<Judgement> judgements = new ArrayList<>();
        query.grades().forEach((passageId, grade) -> judgements.add(new Judgement(passageId, grade)));
        return QueryRecorded.newBuilder()
                .setId(query.id())
                .setText(query.text())
                .setRecordedAt(recordedAt)
                .setJudgements(judgements)
                .setUse(use)
                .build();
    }
}
