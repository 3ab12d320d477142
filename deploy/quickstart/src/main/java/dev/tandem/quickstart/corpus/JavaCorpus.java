package dev.tandem.quickstart.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * The quickstart's own corpus: public documented methods of {@link SourceLibrary}.
 *
 * <p>The split goes by class. A share of all classes is held out, chosen by a hash of the name; a query that touches a
 * held-out class is held out as a whole. Training queries that are nearly a held-out one (libraries document overloads
 * and parallel classes in nearly the same words) or whose passage has the very text of a held-out positive are left out
 * altogether, so that a held-out query measures more than memory. The same inputs give the same corpus, byte for byte.
 */
public final class JavaCorpus {
    /** A sentence that describes more methods than this is no query. */
    static final int MOST_POSITIVES = 6;

    static final double NEAR_DUPLICATE = 0.8;
    static final double HELD_OUT_CLASSES = 0.052;

    /**
     * The corpus with what was left out on the way.
     *
     * @param files source files read
     * @param unreadableFiles files that do not parse as Java 17
     * @param repeatedSentences sentences with more than {@value #MOST_POSITIVES} passages
     * @param nearDuplicates training queries left out as near duplicates of held-out ones
     */
    public record Built(Corpus corpus, int files, int unreadableFiles, int repeatedSentences, int nearDuplicates) {}

    private JavaCorpus() {}

    /** Parses the source jars on the class path; some seconds of all cores. */
    public static Built build() {
        ThreadLocal<MethodReader> reader = ThreadLocal.withInitial(MethodReader::new);
        List<Optional<List<SourceMethod>>> files = new ArrayList<>();
        for (SourceLibrary library : SourceLibrary.ALL) {
            files.addAll(sources(library).values().parallelStream()
                    .map(source -> reader.get().read(library.artifact(), source))
                    .toList());
        }
        List<SourceMethod> methods =
                files.stream().flatMap(Optional::stream).flatMap(List::stream).toList();
        int unreadable = (int) files.stream().filter(Optional::isEmpty).count();
        return split(methods, files.size(), unreadable);
    }

    private static Map<String, String> sources(SourceLibrary library) {
        Map<String, String> sources = new TreeMap<>();
        try (JarFile jar = new JarFile(library.jar().toFile())) {
            for (var entries = jar.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                if (library.holds(entry.getName())) {
                    sources.put(
                            entry.getName(),
                            new String(jar.getInputStream(entry).readAllBytes(), UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the source jar of " + library.artifact(), e);
        }
        return sources;
    }

    static Built split(List<SourceMethod> methods, int files, int unreadable) {
        Map<String, SourceMethod> byId = new TreeMap<>();
        methods.forEach(method -> byId.putIfAbsent(method.passage().id(), method));
        Map<String, List<SourceMethod>> bySentence = new LinkedHashMap<>();
        byId.values()
                .forEach(method -> bySentence
                        .computeIfAbsent(QueryKey.of(method.sentence()).value(), key -> new ArrayList<>())
                        .add(method));
        int all = bySentence.size();
        bySentence.values().removeIf(positives -> positives.size() > MOST_POSITIVES);
        List<JudgedQuery> heldOut = queries(bySentence, true);
        List<JudgedQuery> train = queries(bySentence, false);
        List<JudgedQuery> kept = withoutLeaks(train, heldOut, byId);
        List<Passage> passages =
                byId.values().stream().map(SourceMethod::passage).toList();
        return new Built(
                new Corpus(passages, kept, heldOut),
                files,
                unreadable,
                all - bySentence.size(),
                train.size() - kept.size());
    }

    private static List<JudgedQuery> queries(Map<String, List<SourceMethod>> bySentence, boolean heldOut) {
        return bySentence.entrySet().stream()
                .filter(query -> heldOut == query.getValue().stream().anyMatch(JavaCorpus::isHeldOut))
                .map(query -> new JudgedQuery(
                        "q-" + query.getKey().substring(0, 16),
                        query.getValue().get(0).sentence(),
                        query.getValue().stream()
                                .collect(Collectors.toMap(
                                        method -> method.passage().id(), method -> 1))))
                .sorted(Comparator.comparing(JudgedQuery::id))
                .toList();
    }

    private static boolean isHeldOut(SourceMethod method) {
        return QueryKey.of(method.topLevelClass()).isHeldOut(HELD_OUT_CLASSES);
    }

    private static List<JudgedQuery> withoutLeaks(
            List<JudgedQuery> train, List<JudgedQuery> heldOut, Map<String, SourceMethod> byId) {
        NearDuplicates near =
                new NearDuplicates(heldOut.stream().map(JudgedQuery::text).toList(), NEAR_DUPLICATE);
        Set<String> heldOutTexts = new HashSet<>();
        heldOut.forEach(query -> query.grades().keySet().forEach(id -> heldOutTexts.add(textOf(byId, id))));
        return train.stream()
                .filter(query -> !near.contains(query.text()))
                .filter(query ->
                        query.grades().keySet().stream().noneMatch(id -> heldOutTexts.contains(textOf(byId, id))))
                .toList();
    }

    private static String textOf(Map<String, SourceMethod> byId, String passageId) {
        return byId.get(passageId).passage().text();
    }
}
