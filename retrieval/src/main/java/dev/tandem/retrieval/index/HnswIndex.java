package dev.tandem.retrieval.index;

import dev.tandem.retrieval.Ranking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * Finds most of the passages whose embeddings have the largest dot product with a query's, looking at few of them: a
 * hierarchical navigable small world graph (Malkov and Yashunin, 2018) over embeddings rounded to 7 bits, by Lucene, on disk.
 *
 * <p>What the graph finds is scored again with the embeddings as they were given: a passage that is found has the very score
 * that {@link ExactIndex} gives it. Heap: the graph while it is built; else the operating system's cache of the files. A
 * search sees every change made before it. Safe for use by several threads.
 */
public final class HnswIndex implements PassageIndex {
    static final String ID = "id";
    static final String EMBEDDING = "embedding";
    /** Neighbours of a passage in the graph, and how many are looked at to find them: more find more, and take longer. */
    private static final int CONNECTIONS = 32;

    private static final int CONSIDERED = 200;
    /** Passages the graph is asked for, per passage wanted. */
    private static final double OVERSAMPLING = 1.5;
    /** A large buffer, for each flush makes a graph of its own. */
    private static final int BUFFER_MEGABYTES = 256;

    private final int dimension;
    private final Path directory;
    private final FSDirectory files;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final AtomicLong changes = new AtomicLong();
    private volatile long changesSeen;

    /**
     * An empty index.
     *
     * @param directory of this index alone; what is there is deleted, now and on closing
     */
    public HnswIndex(int dimension, Path directory) {
        this.dimension = dimension;
        this.directory = directory;
        try {
            IOUtils.rm(directory);
            files = FSDirectory.open(directory);
            writer = new IndexWriter(
                    files,
                    new IndexWriterConfig()
                            .setCodec(new Quantised())
                            .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                            .setMergeScheduler(new SerialMergeScheduler()));
            searchers = new SearcherManager(writer, null);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Deletes indexes that a process which was killed has left. */
    public static void delete(Path directory) {
        try {
            IOUtils.rm(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot delete the indexes in %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    /** Lucene's codec as it is, but for the vectors. */
    private static final class Quantised extends Lucene912Codec {
        private final KnnVectorsFormat format = new Lucene99HnswScalarQuantizedVectorsFormat(CONNECTIONS, CONSIDERED);

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return format;
        }
    }

    @Override
    public void put(String passageId, float[] embedding_D) {
        Embedding.check(embedding_D, dimension, "passage " + passageId);
        Document document = new Document();
        document.add(new StringField(ID, passageId, Field.Store.NO));
        document.add(new BinaryDocValuesField(ID, new BytesRef(passageId)));
        document.add(new KnnFloatVectorField(
                EMBEDDING, embedding_D.clone(), VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT));
        try {
            writer.updateDocument(new Term(ID, passageId), document);
            changes.incrementAndGet();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void remove(String passageId) {
        try {
            writer.deleteDocuments(new Term(ID, passageId));
            changes.incrementAndGet();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** What the graph finds of the k passages; fewer where the index is smaller, or the graph is at an end. */
    @Override
    public List<Ranking> search(float[][] queries_BD, int k) {
        check(queries_BD, k);
        int asked = (int) Math.ceil(OVERSAMPLING * k);
        return withSearcher(searcher -> Arrays.stream(queries_BD)
                .parallel()
                .map(query_D -> found(searcher, query_D, asked).top(k))
                .toList());
    }

    /**
     * The share of the k best passages that {@link #search} finds, by looking at every passage.
     *
     * @param queries_BD queries to try it on, at least one
     * @return mean over the queries, 0 to 1
     */
    public double recall(float[][] queries_BD, int k) {
        List<Ranking> found = search(queries_BD, k);
        List<Ranking> best = withSearcher(searcher -> StoredEmbeddings.best(searcher, queries_BD, k));
        double sum = 0;
        for (int i = 0; i < queries_BD.length; i++) {
            List<String> wanted = best.get(i).passageIds();
            long missing = wanted.size()
                    - found.get(i).passageIds().stream()
                            .filter(wanted::contains)
                            .count();
            sum += wanted.isEmpty() ? 1 : 1 - (double) missing / wanted.size();
        }
        return sum / queries_BD.length;
    }

    @Override
    public int size() {
        return withSearcher(searcher -> searcher.getIndexReader().numDocs());
    }

    private static Ranking found(IndexSearcher searcher, float[] query_D, int asked) {
        try {
            return StoredEmbeddings.scored(
                    searcher, query_D, searcher.search(new KnnFloatVectorQuery(EMBEDDING, query_D, asked), asked));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check(float[][] queries_BD, int k) {
        if (k < 1) {
            throw new IllegalArgumentException("Expected k of at least 1, got " + k);
        }
        for (int i = 0; i < queries_BD.length; i++) {
            Embedding.check(queries_BD[i], dimension, "query " + i);
        }
    }

    /** What is asked of the passages there are now. */
    private interface Question<T> {
        T ask(IndexSearcher searcher) throws IOException;
    }

    private <T> T withSearcher(Question<T> question) {
        try {
            long made = changes.get();
            if (made > changesSeen) {
                searchers.maybeRefreshBlocking();
                changesSeen = made;
            }
            IndexSearcher searcher = searchers.acquire();
            try {
                return question.ask(searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            searchers.close();
            writer.rollback(); // nothing reads it after this
            files.close();
            IOUtils.rm(directory);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(
                "The index in %s failed, is its disk full? %s".formatted(directory, e.getMessage()), e);
    }
}
