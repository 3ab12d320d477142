package dev.tandem.quickstart.feed;

import dev.tandem.events.Judgement;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From judged queries to what the miner takes: an event over Kafka, or queries to mine at once. */
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

    /** One for each text: labels of a query that was asked twice are taken together, the higher grade of two. */
    public static List<TrainingQuery> toTrainOn(List<JudgedQuery> judged) {
        Map<QueryKey, JudgedQuery> byKey = new LinkedHashMap<>();
        for (JudgedQuery query : judged) {
            byKey.merge(QueryKey.of(query.text()), query, (one, other) -> {
                Map<String, Integer> grades = new LinkedHashMap<>(one.grades());
                other.grades().forEach((passage, grade) -> grades.merge(passage, grade, Math::max));
                return new JudgedQuery(one.id(), one.text(), grades);
            });
        }
        List<TrainingQuery> queries = new ArrayList<>();
        byKey.forEach((key, query) -> queries.add(new TrainingQuery(
                key, new Query(query.id(), query.text()), graded(query, true), graded(query, false), Instant.EPOCH)));
        return queries;
    }

    private static List<String> graded(JudgedQuery query, boolean relevant) {
        return query.grades().entrySet().stream()
                .filter(judged -> (judged.getValue() >= 1) == relevant)
                .map(Map.Entry::getKey)
                .toList();
    }
}
