package dev.tandem.retrieval.index;

import dev.tandem.retrieval.Ranking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** Scores of passages by their embeddings as they were given to a {@link HnswIndex}, not as its graph rounds them. */
final class StoredEmbeddings {
    private StoredEmbeddings() {}

    /** Ranks documents by their true scores. */
    static Ranking scored(IndexSearcher searcher, float[] query_D, TopDocs found) throws IOException {
        int[] docs = Arrays.stream(found.scoreDocs)
                .sorted(Comparator.comparingInt((ScoreDoc doc) -> doc.doc))
                .mapToInt(doc -> doc.doc)
                .toArray();
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        List<Ranking.Hit> hits = new ArrayList<>(docs.length);
        int next = 0;
        while (next < docs.length) {
            LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(docs[next], leaves));
            int end = leaf.docBase + leaf.reader().maxDoc();
            FloatVectorValues embeddings = leaf.reader().getFloatVectorValues(HnswIndex.EMBEDDING);
            BinaryDocValues ids = leaf.reader().getBinaryDocValues(HnswIndex.ID);
            for (; next < docs.length && docs[next] < end; next++) {
                int doc = docs[next] - leaf.docBase;
                embeddings.advance(doc);
                ids.advance(doc);
                hits.add(new Ranking.Hit(
                        ids.binaryValue().utf8ToString(), Embedding.dot(query_D, embeddings.vectorValue())));
            }
        }
        return new Ranking(hits);
    }

    /** The k best passages of each query, by looking at every one. */
    static List<Ranking> best(IndexSearcher searcher, float[][] queries_BD, int k) throws IOException {
        List<String> ids = new ArrayList<>();
        TopPassages[] tops = new TopPassages[queries_BD.length];
        Arrays.setAll(tops, query -> new TopPassages(k, ids));
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            FloatVectorValues embeddings = leaf.reader().getFloatVectorValues(HnswIndex.EMBEDDING);
            BinaryDocValues idsOfLeaf = leaf.reader().getBinaryDocValues(HnswIndex.ID);
            Bits live = leaf.reader().getLiveDocs();
            for (int doc = embeddings.nextDoc(); doc != FloatVectorValues.NO_MORE_DOCS; doc = embeddings.nextDoc()) {
                if (live == null || live.get(doc)) {
                    idsOfLeaf.advance(doc);
                    BytesRef id = idsOfLeaf.binaryValue();
                    ids.add(id.utf8ToString());
                    offer(embeddings.vectorValue(), queries_BD, ids.size() - 1, tops);
                }
            }
        }
        return Arrays.stream(tops).map(TopPassages::ranking).toList();
    }

    private static void offer(float[] embedding_D, float[][] queries_BD, int row, TopPassages[] tops) {
        for (int query = 0; query < tops.length; query++) {
            tops[query].offer(new float[] {Embedding.dot(queries_BD[query], embedding_D)}, 1, row);
        }
    }
}
