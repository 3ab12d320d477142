package dev.tandem.quickstart.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/**
 * The libraries whose sources make the corpus. Their {@code -sources.jar} artifacts are ordinary Maven dependencies;
 * each is found on the class path by a file it is known to hold.
 *
 * <p>All are Apache-2.0. Left out are sources that are no longer what their authors wrote by hand for this library:
 * generated parsers and repackaged third-party code.
 *
 * @param artifact artifact id, for example {@code guava}
 * @param knownFile a file its source jar holds
 * @param leftOut beginnings of file names that do not belong to the corpus
 */
record SourceLibrary(String artifact, String knownFile, List<String> leftOut) {
    static final List<SourceLibrary> ALL = List.of(
            new SourceLibrary(
                    "calcite-core",
                    "org/apache/calcite/rex/RexBuilder.java",
                    List.of("org/apache/calcite/sql/parser/impl/")),
            new SourceLibrary("guava", "com/google/common/collect/Lists.java", List.of("com/google/thirdparty/")),
            new SourceLibrary("commons-lang3", "org/apache/commons/lang3/StringUtils.java", List.of()),
            new SourceLibrary(
                    "lucene-core",
                    "org/apache/lucene/index/IndexWriter.java",
                    List.of(
                            "org/apache/lucene/internal/hppc/",
                            "org/apache/lucene/analysis/standard/StandardTokenizerImpl")),
            new SourceLibrary("commons-math3", "org/apache/commons/math3/util/FastMath.java", List.of()),
            new SourceLibrary(
                    "spring-core",
                    "org/springframework/util/StringUtils.java",
                    List.of(
                            "org/springframework/asm/",
                            "org/springframework/cglib/",
                            "org/springframework/javapoet/",
                            "org/springframework/objenesis/")));

    SourceLibrary {
        leftOut = List.copyOf(leftOut);
    }

    /** Whether a file of the jar belongs to the corpus. */
    boolean holds(String file) {
        return file.endsWith(".java")
                && !file.endsWith("package-info.java")
                && !file.endsWith("module-info.java")
                && leftOut.stream().noneMatch(file::startsWith);
    }

    /** Where its source jar is. */
    Path jar() {
        URL url = SourceLibrary.class.getClassLoader().getResource(knownFile);
        if (url == null) {
            throw new IllegalStateException(
                    "Expected the sources of %s on the class path (%s), found none. Build with `mvn package` and start by `./tandem`."
                            .formatted(artifact, knownFile));
        }
        try {
            return Path.of(
                    ((JarURLConnection) url.openConnection()).getJarFile().getName());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the source jar of %s at %s".formatted(artifact, url), e);
        }
    }
}
