package dev.tandem.evaluator.offline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.line.CompressedFile;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** BEIR's form of a run: {@code {"q1": {"p7": 12.5, …}, …}}, read token by token, for it may be one line of gigabytes. */
final class BeirRun {
    /** Its names are ids, too many to be remembered. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private BeirRun() {}

    static void read(String file, InputStream in, Refusals refusals, RunDraft draft) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            try {
                parser.nextToken(); // the opening brace is why this form was chosen
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    readQuery(file, parser, refusals, draft);
                }
                if (parser.nextToken() != null) {
                    refuse(file, parser, refusals, "expected the end of the file after one JSON object, got more");
                }
            } catch (JsonProcessingException e) {
                refusals.add(file, e.getLocation().getLineNr(), 1, "expected JSON, got " + e.getOriginalMessage());
            }
        }
    }

    private static void readQuery(String file, JsonParser parser, Refusals refusals, RunDraft draft)
            throws IOException {
        String query = parser.currentName();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            refuse(
                    file,
                    parser,
                    refusals,
                    "expected an object of passage ids and scores for query %s, got %s"
                            .formatted(JsonLine.shortened(query), JsonLine.shortened(parser.getText())));
            parser.skipChildren();
            return;
        }
        draft.answer(query);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            try {
                readHit(query, parser, draft);
            } catch (IllegalArgumentException e) {
                refuse(file, parser, refusals, e.getMessage());
                parser.skipChildren();
            }
        }
    }

    private static void readHit(String query, JsonParser parser, RunDraft draft) throws IOException {
        String passage = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == null || !value.isNumeric() || !Double.isFinite(parser.getDoubleValue())) {
            throw new IllegalArgumentException("expected a number as score of passage %s for query %s, got %s"
                    .formatted(
                            JsonLine.shortened(passage),
                            JsonLine.shortened(query),
                            JsonLine.shortened(String.valueOf(parser.getText()))));
        }
        draft.add(Columns.id("a query id", query), Columns.id("a passage id", passage), parser.getDoubleValue());
    }

    private static void refuse(String file, JsonParser parser, Refusals refusals, String reason) {
        refusals.add(file, parser.currentTokenLocation().getLineNr(), 1, reason);
    }

    static void write(Path file, Run run) throws IOException {
        try (JsonGenerator out = JSON.createGenerator(CompressedFile.create(file))) {
            out.writeStartObject();
            for (Map.Entry<String, Ranking> query : new TreeMap<>(run.rankings()).entrySet()) {
                out.writeObjectFieldStart(query.getKey());
                for (Ranking.Hit hit : query.getValue().hits()) {
                    out.writeNumberField(hit.passageId(), hit.score());
                }
                out.writeEndObject();
            }
            out.writeEndObject();
        }
    }
}
