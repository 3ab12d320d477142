package dev.tandem.miner;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.line.JsonLine;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** From a line to the record of its topic; what the topology would refuse is refused here already. */
final class FeedbackRecords {
    private final Topics topics;
    private final FeedbackLines lines;

    FeedbackRecords(Topics topics, FeedbackLines lines) {
        this.topics = topics;
        this.lines = lines;
    }

    /** A passage, or with {@code "removed": true} its tombstone. */
    ProducerRecord<String, byte[]> passage(String line) {
        JsonLine json = JsonLine.of(line);
        if (FeedbackLines.isRemoval(json)) {
            return topics.passages().tombstone(FeedbackLines.passageId(json));
        }
        PassagePublished passage = FeedbackLines.passage(json);
        check(FeedbackRules.refusal(passage, passage.getId()));
        return topics.passages().record(passage.getId(), passage);
    }

    ProducerRecord<String, byte[]> query(String line) {
        QueryRecorded query = lines.query(JsonLine.of(line));
        check(FeedbackRules.refusal(query, query.getId()));
        return topics.queries().record(query.getId(), query);
    }

    ProducerRecord<String, byte[]> click(String line) {
        ClickRecorded click = lines.click(JsonLine.of(line));
        check(FeedbackRules.refusal(click, click.getQueryId()));
        return topics.clicks().record(click.getQueryId(), click);
    }

    private static void check(Optional<String> refusal) {
        if (refusal.isPresent()) {
            throw new IllegalArgumentException(refusal.get());
        }
    }
}
