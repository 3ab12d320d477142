package dev.tandem.quickstart.corpus;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Passages on disk with judged queries beside them, in whichever layout. Lines that cannot be taken are refused one by one. */
public interface CollectionDirectory {
    /** That of MS MARCO where its file of passages is there, else BEIR's. */
    static CollectionDirectory at(Path directory) {
        MsMarcoDirectory msMarco = new MsMarcoDirectory(directory);
        return msMarco.exists() ? msMarco : new BeirDirectory(directory);
    }

    /**
     * The file of the passages.
     *
     * @throws IOException if it is found to be missing
     */
    Path passages() throws IOException;

    /**
     * Expects judged queries.
     *
     * @throws IOException if a file of them is missing
     */
    void expectQueries() throws IOException;

    /** Hands the passages on one by one, in the order of the file. */
    void forEachPassage(Refusals refusals, Consumer<Passage> passages) throws IOException;

    /** Hands the judged queries on: each once, those that are held out first. */
    void forEachQuery(Refusals refusals, Consumer<JudgedQuery> train, Consumer<JudgedQuery> heldOut) throws IOException;
}
