package dev.tandem.retrieval.index;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * Finds the passages whose embeddings have the largest dot product with a query's, by looking at every one of them.
 *
 * <p>Embeddings stand in blocks of {@link #BLOCK} passages, dimension by dimension, so that one pass over a block scores
 * several queries with plain loops the compiler turns into vector instructions. Each dot product is summed in the same
 * order whatever the batch, the threads and the position of the passage: a query has one ranking. Memory: 4 · D bytes
 * for a passage, and 4 · {@link #BLOCK} bytes for each query that is being scored.
 *
 * <p>Safe for use by several threads; a search sees a change wholly or not at all.
 */
public final class ExactIndex implements PassageIndex {
    static final int BLOCK = 1024;
    /** At most scored in one pass over the blocks; fewer, so that every processor has as many. */
    private static final int QUERIES_AT_ONCE = 64;

    private static final int PROCESSORS = ForkJoinPool.getCommonPoolParallelism() + 1;

    private final int dimension;
    private final List<float[][]> blocks_DP = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Integer> rowOf = new HashMap<>();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** An empty index for embeddings of a dimension. */
    public ExactIndex(int dimension) {
        if (dimension < 1) {
            throw new IllegalArgumentException("Expected a dimension of at least 1, got " + dimension);
        }
        this.dimension = dimension;
    }

    /**
     * An index of passages.
     *
     * @param passageIds N ids
     * @param embeddings_ND their embeddings, (N, D), at least one
     */
    public static ExactIndex of(List<String> passageIds, float[][] embeddings_ND) {
        if (passageIds.size() != embeddings_ND.length || embeddings_ND.length == 0) {
            throw new IllegalArgumentException("Expected as many embeddings as passages and at least one, got %d for %d"
                    .formatted(embeddings_ND.length, passageIds.size()));
        }
        ExactIndex index = new ExactIndex(embeddings_ND[0].length);
        for (int i = 0; i < embeddings_ND.length; i++) {
            index.put(passageIds.get(i), embeddings_ND[i]);
        }
        return index;
    }

    @Override
    public void put(String passageId, float[] embedding_D) {
        requireNonNull(passageId, "passageId is null");
        Embedding.check(embedding_D, dimension, "passage " + passageId);
        lock.writeLock().lock();
        try {
            Integer row = rowOf.get(passageId);
            write(row == null ? append(passageId) : row, embedding_D);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void remove(String passageId) {
        lock.writeLock().lock();
        try {
            Integer hole = rowOf.remove(passageId);
            if (hole == null) {
                return;
            }
            int last = ids.size() - 1;
            if (hole != last) {
                write(hole, read(last));
                ids.set(hole, ids.get(last));
                rowOf.put(ids.get(hole), hole);
            }
            ids.remove(last);
            if (last % BLOCK == 0) {
                blocks_DP.remove(last / BLOCK);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The embedding of a passage, empty where it is not here. */
    public Optional<float[]> embedding(String passageId) {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(rowOf.get(passageId)).map(this::read);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The very k passages; fewer only where the index is smaller. */
    @Override
    public List<Ranking> search(float[][] queries_BD, int k) {
        if (k < 1) {
            throw new IllegalArgumentException("Expected k of at least 1, got " + k);
        }
        for (int i = 0; i < queries_BD.length; i++) {
            Embedding.check(queries_BD[i], dimension, "query " + i);
        }
        lock.readLock().lock();
        try {
            TopPassages[] tops = new TopPassages[queries_BD.length];
            int passes = ceiling(queries_BD.length, QUERIES_AT_ONCE * PROCESSORS);
            int atOnce = Math.max(1, ceiling(queries_BD.length, Math.max(1, passes * PROCESSORS)));
            IntStream tiles = IntStream.range(0, ceiling(queries_BD.length, atOnce));
            tiles.parallel().forEach(tile -> searchTile(queries_BD, tile * atOnce, atOnce, k, tops));
            List<Ranking> rankings = new ArrayList<>(tops.length);
            for (TopPassages top : tops) {
                rankings.add(top.ranking());
            }
            return rankings;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public int size() {
        lock.readLock().lock();
        try {
            return ids.size();
        } finally {
            lock.readLock().unlock();
        }
    }

    public int dimension() {
        return dimension;
    }

    /** Nothing to do: it is all in the heap. */
    @Override
    public void close() {}

    private static int ceiling(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private void searchTile(float[][] queries_BD, int from, int atOnce, int k, TopPassages[] tops) {
        int count = Math.min(atOnce, queries_BD.length - from);
        for (int q = 0; q < count; q++) {
            tops[from + q] = new TopPassages(Math.min(k, ids.size()), ids);
        }
        float[][] scores = new float[count][BLOCK];
        for (int block = 0; block < blocks_DP.size(); block++) {
            BlockProduct.scores(queries_BD, from, blocks_DP.get(block), scores);
            int first = block * BLOCK;
            int rows = Math.min(BLOCK, ids.size() - first);
            for (int q = 0; q < count; q++) {
                tops[from + q].offer(scores[q], rows, first);
            }
        }
    }

    private int append(String passageId) {
        int row = ids.size();
        if (row % BLOCK == 0) {
            blocks_DP.add(new float[dimension][BLOCK]);
        }
        ids.add(passageId);
        rowOf.put(passageId, row);
        return row;
    }

    private void write(int row, float[] embedding_D) {
        float[][] block_DP = blocks_DP.get(row / BLOCK);
        for (int d = 0; d < dimension; d++) {
            block_DP[d][row % BLOCK] = embedding_D[d];
        }
    }

    private float[] read(int row) {
        float[][] block_DP = blocks_DP.get(row / BLOCK);
        float[] embedding_D = new float[dimension];
        for (int d = 0; d < dimension; d++) {
            embedding_D[d] = block_DP[d][row % BLOCK];
        }
        return embedding_D;
    }
}
