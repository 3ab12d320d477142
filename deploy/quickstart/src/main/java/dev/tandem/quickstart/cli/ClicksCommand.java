package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.feed.FeedbackLines;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "clicks",
        description = {
            "Send clicks on shown passages, one JSON object per line; queryId is the id of the query that showed them:",
            "{\"queryId\": \"i-17\", \"passageId\": \"p9\", \"rank\": 2, \"dwellMillis\": 41000, \"user\": \"u1\"}"
        },
        mixinStandardHelpOptions = true)
final class ClicksCommand implements Callable<Integer> {
    @Mixin
    private LinesOfFile lines;

    @Mixin
    private Connection connection;

    @Override
    public Integer call() throws IOException {
        FeedbackLines feedback = new FeedbackLines(Clock.systemUTC());
        return lines.send(connection, "clicks", (feed, line) -> feed.record(feedback.click(line)));
    }
}
