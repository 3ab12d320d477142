package dev.tandem.quickstart.corpus;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first sentence of a Javadoc comment as plain text: what somebody who looks for the method would ask. */
final class FirstSentence {
    private static final int FEWEST_WORDS = 3;
    private static final int MOST_CHARACTERS = 400;

    private static final Pattern LEADING_STAR = Pattern.compile("(?m)^[ \\t]*\\*+");
    private static final Pattern BLOCK_TAG = Pattern.compile("(?ms)^\\s*@\\w+.*");
    private static final Pattern LINK = Pattern.compile("\\{@?(?:link|linkplain|value)\\s+([^\\s}]*)\\s*([^}]*)}");
    private static final Pattern VERBATIM = Pattern.compile("\\{@(?:code|literal)\\s+((?:[^{}]|\\{[^{}]*})*)}");
    private static final Pattern OTHER_TAG = Pattern.compile("\\{@[^}]*}?");
    private static final Pattern BLOCK_ELEMENT =
            Pattern.compile("(?i)<(?:p|pre|ul|ol|li|h[1-6]|table|blockquote|dl|hr)\\b[^>]*>");
    private static final Pattern ELEMENT = Pattern.compile("</?[A-Za-z][^<>]*>");
    private static final Pattern ARGUMENTS = Pattern.compile("\\([^)]*\\)");
    private static final Pattern PACKAGE = Pattern.compile("^(?:[a-z][\\w]*\\.)+");
    private static final Pattern END = Pattern.compile("[.?!](?=\\s)|\\n\\s*\\n");
    private static final Pattern ABBREVIATION =
            Pattern.compile("(?:\\b(?:e\\.g|i\\.e|etc|cf|vs|resp|[A-Z])|\\.\\.)\\.$");
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private FirstSentence() {}

    /**
     * Takes the sentence out of a comment.
     *
     * @param comment between the comment marks, leading stars allowed
     * @return empty when there is none, or when it is inherited, cut short by markup or shorter than three words
     */
    static Optional<String> of(String comment) {
        String text = LEADING_STAR.matcher(comment).replaceAll("");
        if (text.contains("{@inheritDoc")) {
            return Optional.empty();
        }
        text = BLOCK_TAG.matcher(text).replaceFirst("");
        String sentence = plain(firstOf(unwrap(text)));
        if (sentence.length() > MOST_CHARACTERS || WHITE_SPACE.split(sentence).length < FEWEST_WORDS) {
            return Optional.empty();
        }
        return Optional.of(sentence);
    }

    private static String unwrap(String text) {
        String unwrapped = VERBATIM.matcher(text).replaceAll(match -> quoted(escaped(match.group(1))));
        unwrapped = LINK.matcher(unwrapped)
                .replaceAll(match -> quoted(match.group(2).isBlank() ? target(match.group(1)) : match.group(2)));
        return OTHER_TAG.matcher(unwrapped).replaceAll("");
    }

    /** {@code java.util.List#of(E...)} is spoken of as {@code List.of}. */
    private static String target(String reference) {
        String name = ARGUMENTS.matcher(reference).replaceAll("");
        String member = name.contains("#") ? name.substring(name.indexOf('#') + 1) : "";
        String type = name.contains("#") ? name.substring(0, name.indexOf('#')) : name;
        String simple = PACKAGE.matcher(type).replaceFirst("");
        return simple.isEmpty() || member.isEmpty() ? simple + member : simple + "." + member;
    }

    private static String firstOf(String text) {
        String body = text.strip();
        Matcher block = BLOCK_ELEMENT.matcher(body);
        while (block.find()) {
            if (block.start() > 0) {
                body = body.substring(0, block.start());
                break;
            }
            body = body.substring(block.end()).strip();
            block.reset(body);
        }
        Matcher end = END.matcher(body);
        while (end.find()) {
            String sentence = body.substring(0, end.end());
            if (!ABBREVIATION.matcher(sentence).find()) {
                return sentence;
            }
        }
        return body;
    }

    private static String plain(String sentence) {
        String text = ELEMENT.matcher(sentence).replaceAll(" ");
        text = text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&nbsp;", " ")
                .replace("&quot;", "\"")
                .replace("&#64;", "@")
                .replace("&amp;", "&");
        text = WHITE_SPACE.matcher(text).replaceAll(" ").strip();
        while (text.endsWith(".") || text.endsWith(":") || text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return text;
    }

    private static String escaped(String verbatim) {
        return verbatim.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String quoted(String replacement) {
        return Matcher.quoteReplacement(replacement);
    }
}
