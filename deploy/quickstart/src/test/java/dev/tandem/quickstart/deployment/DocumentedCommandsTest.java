package dev.tandem.quickstart.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.quickstart.cli.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Every command that a page names is one that the command line takes, with these options. */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern INLINE = Pattern.compile("`[^`]+`");
    /** To whatever else a shell does next; a name alone is a mention. */
    private static final Pattern COMMAND = Pattern.compile("\\./tandem ([a-z]+ +[^\\n`|&>;#)…]*)");

    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");

    @Test
    void areTaken() throws IOException {
        List<String> wrong = new ArrayList<>();
        int commands = 0;
        for (Path page : pages()) {
            Matcher matcher = COMMAND.matcher(code(Files.readString(page)));
            while (matcher.find()) {
                commands++;
                refusal(matcher.group(1))
                        .ifPresent(why -> wrong.add("%s: ./tandem %s: %s"
                                .formatted(YamlFile.ROOT.relativize(page), matcher.group(1), why)));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(commands > 25, "found but " + commands);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(YamlFile.ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    /** Blocks and what stands between back quotes, which may go over the end of a line. */
    private static String code(String page) {
        String blocks = BLOCK.matcher(page).results().map(MatchResult::group).collect(Collectors.joining("\n"));
        String inline = INLINE.matcher(BLOCK.matcher(page).replaceAll(""))
                .results()
                .map(span -> span.group().replace('\n', ' '))
                .collect(Collectors.joining("\n"));
        return blocks.replace("\\\n", " ") + "\n" + inline;
    }

    private static Optional<String> refusal(String line) {
        String[] words = WORD.matcher(line)
                .results()
                .map(word -> word.group().replaceAll("^[\"']|[\"']$", ""))
                .toArray(String[]::new);
        try {
            var unused = Tandem.commandLine().parseArgs(words);
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(e.getMessage());
        }
    }
}
