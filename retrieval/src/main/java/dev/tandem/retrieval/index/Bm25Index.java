package dev.tandem.retrieval.index;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * Finds the passages that share words with a query: BM25 (Robertson and Zaragoza, 2009) over title and text, in memory.
 *
 * <p>What serves while no model has learned anything yet, and the line every model has to beat. A query is a bag of
 * words: it has no syntax, so any text can be searched. A search sees every change made before it. Safe for use by
 * several threads.
 */
public final class Bm25Index implements Closeable {
    private static final String ID = "id";
    private static final String WORDS = "words";
    private static final int MOST_QUERY_TERMS = 256;

    /** Equal scores by id descending, as {@link Ranking} has it, also where the ranking is cut off. */
    private static final Sort BEST_FIRST =
            new Sort(SortField.FIELD_SCORE, new SortField(ID, SortField.Type.STRING, true));

    private final WordAnalyzer analyzer = new WordAnalyzer();
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final AtomicLong changes = new AtomicLong();
    private volatile long changesSeen;

    /** BM25 with k1 = 1.5 and b = 0.75. */
    public Bm25Index() {
        this(1.5, 0.75);
    }

    /**
     * An empty index.
     *
     * @param k1 how slowly a repeated word stops adding to the score, 0 or more
     * @param b how much long passages are held back, 0 to 1
     */
    public Bm25Index(double k1, double b) {
        Similarity similarity = new BM25Similarity((float) k1, (float) b);
        try {
            writer = new IndexWriter(
                    new ByteBuffersDirectory(),
                    new IndexWriterConfig(analyzer)
                            .setSimilarity(similarity)
                            .setMergeScheduler(new SerialMergeScheduler()));
            searchers = new SearcherManager(writer, new ScoringBy(similarity));
        } catch (IOException e) {
            throw memoryFailed(e);
        }
    }

    /** Adds a passage, or replaces the one with its id. */
    public void put(Passage passage) {
        Document document = new Document();
        document.add(new StringField(ID, passage.id(), Field.Store.NO));
        document.add(new SortedDocValuesField(ID, new BytesRef(passage.id())));
        document.add(new TextField(WORDS, passage.title() + "\n" + passage.text(), Field.Store.NO));
        try {
            writer.updateDocument(new Term(ID, passage.id()), document);
            changes.incrementAndGet();
        } catch (IOException e) {
            throw memoryFailed(e);
        }
    }

    /** Takes a passage out; one that is not there stays away. */
    public void remove(String passageId) {
        try {
            writer.deleteDocuments(new Term(ID, passageId));
            changes.incrementAndGet();
        } catch (IOException e) {
            throw memoryFailed(e);
        }
    }

    /** The k passages with the highest BM25 score; fewer where fewer share a word with the query. */
    public Ranking search(String text, int k) {
        try {
            refresh();
            IndexSearcher searcher = searchers.acquire();
            try {
                return ranking(searcher.search(query(text), k, BEST_FIRST).scoreDocs);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException e) {
            throw memoryFailed(e);
        }
    }

    /** Number of passages. */
    public int size() {
        try {
            refresh();
            IndexSearcher searcher = searchers.acquire();
            try {
                return searcher.getIndexReader().numDocs();
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException e) {
            throw memoryFailed(e);
        }
    }

    @Override
    public void close() {
        try {
            searchers.close();
            writer.close();
            analyzer.close();
        } catch (IOException e) {
            throw memoryFailed(e);
        }
    }

    private void refresh() throws IOException {
        long made = changes.get();
        if (made > changesSeen) {
            searchers.maybeRefreshBlocking();
            changesSeen = made;
        }
    }

    private Query query(String text) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        analyzer.terms(text, MOST_QUERY_TERMS).forEach((term, count) -> {
            Query one = new TermQuery(new Term(WORDS, term));
            words.add(count == 1 ? one : new BoostQuery(one, count), Occur.SHOULD);
        });
        return words.build();
    }

    private static Ranking ranking(ScoreDoc[] found) {
        List<Ranking.Hit> hits = new ArrayList<>(found.length);
        for (ScoreDoc doc : found) {
            Object[] key = ((FieldDoc) doc).fields;
            hits.add(new Ranking.Hit(((BytesRef) key[1]).utf8ToString(), (Float) key[0]));
        }
        return new Ranking(hits);
    }

    private static final class ScoringBy extends SearcherFactory {
        private final Similarity similarity;

        ScoringBy(Similarity similarity) {
            this.similarity = similarity;
        }

        @Override
        public IndexSearcher newSearcher(IndexReader reader, IndexReader previous) throws IOException {
            IndexSearcher searcher = super.newSearcher(reader, previous);
            searcher.setSimilarity(similarity);
            return searcher;
        }
    }

    private static UncheckedIOException memoryFailed(IOException e) {
        return new UncheckedIOException("The word index in memory failed: " + e.getMessage(), e);
    }
}
