package dev.tandem.quickstart.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "queries",
        description = {
            "Send queries with judgements or impressions, one JSON object per line:",
            "{\"text\": \"how to …\", \"judgements\": {\"passage id\": 1}, \"use\": \"train\"}",
            "use: train, held-out, or by-hash (default: a stable hash of the text decides).",
            "{\"id\": \"i-17\", \"text\": \"how to …\", \"shown\": [\"p4\", \"p9\"], \"user\": \"u1\"}",
            "Queries of OpenSearch UBI (ubi_queries) and rankings of Metarank are taken as they are."
        },
        mixinStandardHelpOptions = true)
final class QueriesCommand implements Callable<Integer> {
    @Mixin
    private LinesOfFile lines;

    @Mixin
    private Connection connection;

    @Override
    public Integer call() throws IOException {
        return lines.send(
                connection, "queries", (reader, line) -> reader.query(line).map(query -> feed -> feed.record(query)));
    }
}
