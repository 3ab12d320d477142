package dev.tandem.quickstart.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page of {@code deploy/tutorials} asks its reader to do, in its order: a block marked {@code sh} is run to its end, one
 * marked {@code sh in a terminal of its own} keeps running, and a comment {@code wait for /a/b} names what {@code tandem status
 * --json} has to tell before the page goes on.
 */
record TutorialPage(List<Step> steps) {
    /** One thing to do. */
    record Step(Kind kind, String text) {}

    /** How it is done. */
    enum Kind {
        RUN,
        KEEP_RUNNING,
        WAIT
    }

    private static final Pattern STEP = Pattern.compile(
            "(?ms)^```sh( in a terminal of its own)?\n(?<block>.*?)^```$|^<!-- wait for (?<pointer>\\S+) -->$");

    static TutorialPage read(String name) throws IOException {
        Path page = YamlFile.ROOT.resolve("deploy").resolve("tutorials").resolve(name);
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(Files.readString(page));
        while (matcher.find()) {
            if (matcher.group("pointer") != null) {
                steps.add(new Step(Kind.WAIT, matcher.group("pointer")));
            } else {
                steps.add(new Step(matcher.group(1) == null ? Kind.RUN : Kind.KEEP_RUNNING, matcher.group("block")));
            }
        }
        return new TutorialPage(steps);
    }
}
