package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The choice of the passages on which checkpoints are measured where the corpus is too large to be encoded for each of them.
 *
 * <p>In are all passages judged for a held-out query, whatever their number; then, up to the size, what the yardsticks (BM25 and the
 * champion) rank at the top for these queries, best ranks first; then a sample of the rest, those with the lowest hashes of their ids: the
 * same passages whatever came first, and one passage more or less in the corpus changes at most one in the sample.
 *
 * <p>Known bias: <b>values on a pool are too high</b>, for most of the passages that could stand above a judged one are not there, and
 * the more so the smaller the pool. They are of no use beside values of the whole corpus or of another pool. Champion and challenger
 * are measured on the same pool, so the overstatement is theirs alike, but for one thing: what BM25 and the champion
 * wrongly rank high is in the pool, what only the challenger would is in it by chance; so the comparison flatters a challenger that errs
 * elsewhere, the less so the larger the pool. Pools built from the systems' own rankings are the practice of TREC (Voorhees, 2002,
 * "The philosophy of information retrieval evaluation"), with the same bias for systems that had no part in them (Zobel, 1998).
 */
final class EvaluationPool {
    private static final Comparator<Drawn> LOWEST_FIRST =
            Comparator.comparingLong(Drawn::hash).thenComparing(Drawn::id);
    /** Offset and prime of FNV-1a, 64 bits. */
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;

    private record Drawn(long hash, String id) {}

    private EvaluationPool() {}

    /** The rule in words. */
    static String rule(int depth) {
        return ("passages judged for a held-out query, those among the top %d of BM25 or of the champion for one, and a fixed"
                        + " random sample of the others")
                .formatted(depth);
    }

    /**
     * Ids of the chosen passages.
     *
     * @param corpus all passages, by id
     * @param found rankings of the yardsticks for these queries, in any order
     * @param size passages in the pool: exactly so many, but for a smaller corpus, or more judged passages than that
     */
    static Set<String> choose(
            Map<String, Passage> corpus, Collection<HeldOutQuery> queries, Collection<Ranking> found, int size) {
        Set<String> pool = new HashSet<>();
        queries.forEach(query ->
                query.grades().keySet().stream().filter(corpus::containsKey).forEach(pool::add));
        int deepest = found.stream().mapToInt(Ranking::size).max().orElse(0);
        for (int rank = 0; rank < deepest && pool.size() < size; rank++) {
            int at = rank;
            Stream<String> ids = found.stream()
                    .filter(ranking -> ranking.size() > at)
                    .map(ranking -> ranking.hits().get(at).passageId())
                    .filter(corpus::containsKey)
                    .distinct();
            pool.addAll(lowest(ids.filter(id -> !pool.contains(id)), size - pool.size()));
        }
        pool.addAll(lowest(corpus.keySet().stream().filter(id -> !pool.contains(id)), size - pool.size()));
        return pool;
    }

    /** Of distinct ids those with the lowest hashes, n at most; few more than these are in memory. */
    private static List<String> lowest(Stream<String> ids, int n) {
        if (n <= 0) {
            return List.of();
        }
        PriorityQueue<Drawn> lowest = new PriorityQueue<>(LOWEST_FIRST.reversed());
        ids.forEach(id -> {
            lowest.add(new Drawn(hash(id), id));
            if (lowest.size() > n) {
                lowest.remove();
            }
        });
        return lowest.stream().map(Drawn::id).toList();
    }

    /** FNV-1a over the characters, its bits mixed as MurmurHash3 ends, so that ids that count up are spread. */
    private static long hash(String id) {
        long hash = OFFSET;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
