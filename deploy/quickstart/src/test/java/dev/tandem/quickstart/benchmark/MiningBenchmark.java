package dev.tandem.quickstart.benchmark;

import dev.tandem.miner.MinerConfig;
import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.offline.OfflineMining;
import dev.tandem.miner.serving.CheckpointRetriever;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.feed.JudgedQueries;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/**
 * Mines lists with a checkpoint as the miner does, index, sampling and texts included, Kafka not. In turns with that, the bare
 * encoders encode the same queries and score the same pairs; then, where there is a Python, {@link MiningPeer} mines the same queries. The
 * corpus is embedded before.
 *
 * <pre>
 * MiningBenchmark CHECKPOINT DATA ROUNDS
 * </pre>
 */
final class MiningBenchmark {
    private static final int QUERIES = 1_000;

    private final Path checkpoint;
    private final Corpus corpus = new Corpus();
    private final List<TrainingQuery> queries;
    private final MiningSettings settings = MinerConfig.of(Map.of()).asMining();

    private MiningBenchmark(Path checkpoint, Path data) throws IOException {
        this.checkpoint = checkpoint;
        dev.tandem.quickstart.corpus.Corpus collection = new BeirDirectory(data).read(new Refusals());
        collection.passages().forEach(corpus::put);
        this.queries = OfflineMining.drawn(JudgedQueries.toTrainOn(collection.train()), QUERIES, 1);
    }

    public static void main(String[] arguments) throws IOException {
        new MiningBenchmark(Path.of(arguments[0]), Path.of(arguments[1])).run(Integer.parseInt(arguments[2]));
    }

    private void run(int rounds) throws IOException {
        try (CheckpointRetriever retriever = CheckpointRetriever.open(checkpoint, Compute.FLOAT32);
                DualEncoder dual = DualEncoder.open(checkpoint, Compute.FLOAT32);
                CrossEncoder cross = CrossEncoder.open(checkpoint, Compute.FLOAT32)) {
            retriever.put(List.copyOf(corpus.passages()));
            Recorder recorder = new Recorder(retriever);
            int lists = mine(recorder);
            Alternation.print(
                    "%,d passages, %,d queries, %,d lists, %,d pairs",
                    corpus.size(), recorder.texts.size(), lists, recorder.pairs.size());
            Alternation.run(rounds, "mining", () -> mine(retriever), "bare encoders", () -> {
                dual.encodeQueries(recorder.texts);
                cross.score(recorder.pairs);
            });
            compareWithPeer(rounds, retriever);
        }
    }

    private void compareWithPeer(int rounds, Retriever retriever) throws IOException {
        Path directory = Files.createTempDirectory("mining-peer");
        try {
            var started = MiningPeer.start(checkpoint, queries, corpus, settings.rerankDepth(), directory);
            if (started.isEmpty()) {
                Alternation.print(
                        "Set TANDEM_PYTHON to a Python with sentence-transformers and datasets to compare with it");
                return;
            }
            try (MiningPeer peer = started.get()) {
                Alternation.print("sentence-transformers: %,d lists", peer.mine());
                Alternation.run(rounds, "mining", () -> mine(retriever), "sentence-transformers", peer::mine);
            }
        } finally {
            Utils.delete(directory.toFile());
        }
    }

    private int mine(Retriever retriever) {
        int[] lists = {0};
        new OfflineMining(corpus, retriever, settings).mine(queries, (mined, done) -> {
            lists[0] += mined.size();
            return true;
        });
        return lists[0];
    }

    /** Remembers what the encoders were asked. */
    private static final class Recorder implements Retriever {
        private final Retriever asked;
        private final List<String> texts = new ArrayList<>();
        private final List<QueryPassage> pairs = new ArrayList<>();

        Recorder(Retriever asked) {
            this.asked = asked;
        }

        @Override
        public String id() {
            return asked.id();
        }

        @Override
        public void put(List<Passage> passages) {
            asked.put(passages);
        }

        @Override
        public void remove(String passageId) {
            asked.remove(passageId);
        }

        @Override
        public List<Ranking> search(List<Query> queries, int k) {
            queries.forEach(query -> texts.add(query.text()));
            return asked.search(queries, k);
        }

        @Override
        public boolean canScore() {
            return asked.canScore();
        }

        @Override
        public float[] score(List<Pair> scored) {
            scored.forEach(pair -> pairs.add(new QueryPassage(pair.query().text(), pair.passage())));
            return asked.score(scored);
        }

        @Override
        public void close() {
            asked.close();
        }
    }
}
