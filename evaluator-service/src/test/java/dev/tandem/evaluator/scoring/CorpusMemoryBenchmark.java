package dev.tandem.evaluator.scoring;

import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Embeds 1,000,000 passages by random vectors, measures 100 queries on them and then 400, and prints the memory that each takes:
 * with the number of queries it must not grow. Passages have texts of a few characters, for those are the corpus' own.
 */
final class CorpusMemoryBenchmark {
    private static final int PASSAGES = 1_000_000;
    private static final int DIMENSION = 128;
    private static final int QUERIES_PER_CALL = 16;
    private static final double MEGABYTE = 1 << 20;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Corpus corpus = new Corpus();
    private final EmbeddedCorpus embedded = new EmbeddedCorpus(DIMENSION);

    public static void main(String[] arguments) throws IOException {
        new CorpusMemoryBenchmark().run();
    }

    private void run() throws IOException {
        for (int i = 0; i < PASSAGES; i++) {
            corpus.put(new Passage("passage-" + i, "", "text " + i));
        }
        Corpus.Snapshot snapshot = corpus.snapshot();
        print("%,d passages with short texts".formatted(PASSAGES));
        embedded.sync(snapshot, passages -> vectors(passages.size()), Progress.UNWATCHED);
        print("their embeddings of %d dimensions".formatted(DIMENSION));
        for (int count : new int[] {100, 400}) {
            new Measuring().of(snapshot, queries(count), (texts, each) -> {
                for (int from = 0; from < texts.size(); from += QUERIES_PER_CALL) {
                    int part = Math.min(QUERIES_PER_CALL, texts.size() - from);
                    embedded.search(vectors(part), Measuring.DEPTH)
                            .forEach(ranking -> each.accept(Map.of(RankingKind.RETRIEVER, ranking)));
                }
            });
            print("measuring %d queries".formatted(count));
        }
    }

    private float[][] vectors(int count) {
        float[][] vectors_ND = new float[count][DIMENSION];
        for (float[] vector_D : vectors_ND) {
            for (int d = 0; d < DIMENSION; d++) {
                vector_D[d] = (float) random.nextDouble(-1, 1);
            }
        }
        return vectors_ND;
    }

    private List<HeldOutQuery> queries(int count) {
        List<HeldOutQuery> queries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "query " + i;
            Map<String, Integer> grades = Map.of("passage-" + random.nextInt(PASSAGES), 1);
            queries.add(new HeldOutQuery(QueryKey.of(text), text, grades, false));
        }
        return queries;
    }

    /** What is held after this step, and the most that was held during it. */
    private static void print(String step) throws IOException {
        long peak = heap().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        System.gc();
        long held = heap().mapToLong(pool -> pool.getUsage().getUsed()).sum();
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
        System.out.printf(
                "%s: %,.0f MB held, %,.0f MB at the most, garbage included; process %s%n",
                step, held / MEGABYTE, peak / MEGABYTE, resident());
    }

    private static Stream<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }

    /** Most memory of the whole process, native included, as Linux tells it. */
    private static String resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring("VmHWM:".length()).strip())
                .findFirst()
                .orElse("unknown");
    }
}
