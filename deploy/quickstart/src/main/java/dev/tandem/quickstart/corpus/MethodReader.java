package dev.tandem.quickstart.corpus;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ParserConfiguration.LanguageLevel;
import com.github.javaparser.Position;
import com.github.javaparser.Range;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.body.TypeDeclaration;
import com.github.javaparser.ast.comments.JavadocComment;
import com.github.javaparser.ast.nodeTypes.NodeWithAnnotations;
import com.github.javaparser.ast.stmt.BlockStmt;
import dev.tandem.retrieval.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the public documented methods of one source file. Not thread-safe: one per thread. */
final class MethodReader {
    /** Bodies shorter than this say nothing that the signature does not say: getters, delegation, constants. */
    static final int FEWEST_BODY_CHARACTERS = 38;
    /** Enough for any encoder length used here; longer bodies are cut. */
    static final int MOST_CHARACTERS = 4_000;

    private final JavaParser parser = new JavaParser(
            new ParserConfiguration().setLanguageLevel(LanguageLevel.RAW).setAttributeComments(true));

    /**
     * Reads one file.
     *
     * @param library artifact id, the first part of every passage id
     * @param source text of the file
     * @return empty if it does not parse
     */
    Optional<List<SourceMethod>> read(String library, String source) {
        ParseResult<CompilationUnit> result = parser.parse(source);
        if (!result.isSuccessful()) {
            return Optional.empty();
        }
        String[] lines = source.split("\\R", -1);
        List<SourceMethod> methods = new ArrayList<>();
        for (MethodDeclaration method : result.getResult().orElseThrow().findAll(MethodDeclaration.class)) {
            read(library, method, lines).ifPresent(methods::add);
        }
        return Optional.of(methods);
    }

    private static Optional<SourceMethod> read(String library, MethodDeclaration method, String[] lines) {
        List<TypeDeclaration<?>> types = enclosingTypes(method);
        Optional<BlockStmt> body = method.getBody();
        Optional<JavadocComment> javadoc = method.getJavadocComment();
        if (types.isEmpty() || body.isEmpty() || javadoc.isEmpty() || !isPublic(method, types.get(0))) {
            return Optional.empty();
        }
        if (isDeprecated(method)
                || types.stream().anyMatch(MethodReader::isDeprecated)
                || isTrivial(body.get(), lines)) {
            return Optional.empty();
        }
        return FirstSentence.of(javadoc.get().getContent()).map(sentence -> {
            TypeDeclaration<?> outermost = types.get(types.size() - 1);
            String qualified = outermost.getFullyQualifiedName().orElse(outermost.getNameAsString());
            return new SourceMethod(qualified, passage(library, method, types, qualified, lines), sentence);
        });
    }

    private static Passage passage(
            String library,
            MethodDeclaration method,
            List<TypeDeclaration<?>> types,
            String outermost,
            String[] lines) {
        List<String> names = new ArrayList<>();
        types.forEach(type -> names.add(0, type.getNameAsString()));
        String type = String.join(".", names);
        String packageName = outermost.contains(".") ? outermost.substring(0, outermost.lastIndexOf('.') + 1) : "";
        String parameters = method.getParameters().stream()
                .map(parameter -> parameter.getType().asString().replaceAll("<.*>|@\\S+\\s", "")
                        + (parameter.isVarArgs() ? "..." : ""))
                .collect(Collectors.joining(","));
        String id = "%s:%s%s#%s(%s)".formatted(library, packageName, type, method.getNameAsString(), parameters);
        return new Passage(id, type + "." + method.getNameAsString(), cut(textOf(method, lines)));
    }

    /** From the first modifier to the closing brace, without the annotations before it. */
    private static String textOf(MethodDeclaration method, String[] lines) {
        Position begin = Stream.<Node>concat(
                        Stream.concat(method.getModifiers().stream(), method.getTypeParameters().stream()),
                        Stream.of(method.getType(), method.getName()))
                .flatMap(node -> node.getRange().stream())
                .map(range -> range.begin)
                .min(Position::compareTo)
                .orElseThrow();
        return text(new Range(begin, method.getRange().orElseThrow().end), lines);
    }

    private static String text(Range range, String[] lines) {
        if (range.begin.line == range.end.line) {
            return lines[range.begin.line - 1].substring(range.begin.column - 1, range.end.column);
        }
        StringBuilder text = new StringBuilder(lines[range.begin.line - 1].substring(range.begin.column - 1));
        String indent = " ".repeat(range.begin.column - 1);
        for (int line = range.begin.line; line < range.end.line - 1; line++) {
            text.append('\n').append(outdented(lines[line], indent));
        }
        return text.append('\n')
                .append(outdented(lines[range.end.line - 1].substring(0, range.end.column), indent))
                .toString();
    }

    private static String outdented(String line, String indent) {
        return line.startsWith(indent) ? line.substring(indent.length()) : line.stripLeading();
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS);
    }

    private static boolean isTrivial(BlockStmt body, String[] lines) {
        return body.getStatements().isEmpty()
                || text(body.getRange().orElseThrow(), lines)
                                .replaceAll("\\s+", " ")
                                .length()
                        < FEWEST_BODY_CHARACTERS;
    }

    private static boolean isPublic(MethodDeclaration method, TypeDeclaration<?> type) {
        boolean inInterface = type.isClassOrInterfaceDeclaration()
                && type.asClassOrInterfaceDeclaration().isInterface();
        return method.isPublic() || (inInterface && !method.isPrivate());
    }

    private static boolean isDeprecated(Node node) {
        return (node instanceof NodeWithAnnotations<?> annotated && annotated.isAnnotationPresent("Deprecated"))
                || node.getComment()
                        .filter(comment -> comment.getContent().contains("@deprecated"))
                        .isPresent();
    }

    /** Innermost first; empty inside an anonymous or local class. */
    private static List<TypeDeclaration<?>> enclosingTypes(MethodDeclaration method) {
        List<TypeDeclaration<?>> types = new ArrayList<>();
        Node node = method.getParentNode().orElse(null);
        while (node instanceof TypeDeclaration<?> type) {
            types.add(type);
            node = type.getParentNode().orElse(null);
        }
        return node instanceof CompilationUnit ? types : List.of();
    }
}
