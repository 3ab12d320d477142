package dev.tandem.trainer.offline;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/** A file of which every line is a list. */
final class OneListPerLine implements ListReader {
    private final TextLines lines;
    private final Function<String, CandidateList> parser;

    /**
     * @param parser throws {@link IllegalArgumentException} to refuse a line
     */
    OneListPerLine(TextLines lines, Function<String, CandidateList> parser) {
        this.lines = lines;
        this.parser = parser;
    }

    @Override
    public Optional<Numbered> next() throws IOException {
        while (lines.next()) {
            try {
                String line = lines.text();
                if (!line.isBlank()) {
                    return Optional.of(new Numbered(lines.number() - 1, parser.apply(line)));
                }
            } catch (IllegalArgumentException e) {
                lines.refuse(e.getMessage());
            }
        }
        return Optional.empty();
    }

    @Override
    public long position() {
        return lines.number();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
