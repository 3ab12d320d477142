package dev.tandem.quickstart.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "clicks",
        description = {
            "Send clicks on shown passages, one JSON object per line; queryId is the id of the query that showed them:",
            "{\"queryId\": \"i-17\", \"passageId\": \"p9\", \"rank\": 2, \"dwellMillis\": 41000, \"user\": \"u1\"}",
            "Events of OpenSearch UBI (ubi_events) and of Metarank (interaction) are taken as they are."
        },
        mixinStandardHelpOptions = true)
final class ClicksCommand implements Callable<Integer> {
    @Mixin
    private LinesOfFile lines;

    @Mixin
    private Connection connection;

    @Override
    public Integer call() throws IOException {
        return lines.send(
                connection, "clicks", (reader, line) -> reader.click(line).map(click -> feed -> feed.record(click)));
    }
}
