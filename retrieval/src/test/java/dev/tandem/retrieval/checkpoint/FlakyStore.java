package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A store that cannot be reached whenever the test says so. */
public final class FlakyStore implements CheckpointStore {
    private final CheckpointStore store;
    private final Predicate<String> isCutOff;
    private final AtomicInteger failures = new AtomicInteger();

    /**
     * A store behind a bad connection.
     *
     * @param isCutOff asked with the name of each method
     */
    public FlakyStore(CheckpointStore store, Predicate<String> isCutOff) {
        this.store = store;
        this.isCutOff = isCutOff;
    }

    /** How often it could not be reached. */
    public int failures() {
        return failures.get();
    }

    private CheckpointStore reach(String method) throws IOException {
        if (isCutOff.test(method)) {
            failures.incrementAndGet();
            throw new IOException("no network");
        }
        return store;
    }

    @Override
    public Writing begin(String id) throws IOException {
        return reach("begin").begin(id);
    }

    @Override
    public URI uri(String id) {
        return store.uri(id);
    }

    @Override
    public Checkpoint open(URI uri, String digest) throws IOException {
        return reach("open").open(uri, digest);
    }

    @Override
    public Optional<Checkpoint> find(String id) throws IOException {
        return reach("find").find(id);
    }

    @Override
    public Optional<String> card(String id) throws IOException {
        return reach("card").card(id);
    }

    @Override
    public void describe(String id, String card) throws IOException {
        reach("describe").describe(id, card);
    }

    @Override
    public OfferedEmbeddings embeddings() {
        OfferedEmbeddings embeddings = store.embeddings();
        return new OfferedEmbeddings() {
            @Override
            public URI offer(String id, Content content) throws IOException {
                reach("offer");
                return embeddings.offer(id, content);
            }

            @Override
            public Optional<URI> find(String id) throws IOException {
                reach("find embeddings");
                return embeddings.find(id);
            }

            @Override
            public void fetch(String id, String uri, long mostBytes, Path target) throws IOException {
                reach("fetch");
                embeddings.fetch(id, uri, mostBytes, target);
            }

            @Override
            public void withdraw(String id) throws IOException {
                reach("withdraw");
                embeddings.withdraw(id);
            }
        };
    }

    @Override
    public List<CheckpointManifest> list() throws IOException {
        return reach("list").list();
    }

    @Override
    public void delete(String id) throws IOException {
        reach("delete").delete(id);
    }

    @Override
    public void discardUnfinished() throws IOException {
        reach("discardUnfinished").discardUnfinished();
    }
}
