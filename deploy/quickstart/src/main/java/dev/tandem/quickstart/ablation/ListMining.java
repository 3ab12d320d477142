package dev.tandem.quickstart.ablation;

import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.offline.MinedListFile;
import dev.tandem.miner.offline.OfflineMining;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.feed.JudgedQueries;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Mines lists of one corpus, and keeps them in files by kind. */
final class ListMining {
    private final Corpus corpus = new Corpus();
    private final List<TrainingQuery> labelled;
    private final List<TrainingQuery> unlabelled;
    private final Consumer<String> progress;

    /**
     * @param progress told how far mining is
     */
    ListMining(List<Passage> passages, List<JudgedQuery> train, Consumer<String> progress) {
        passages.forEach(corpus::put);
        Map<Boolean, List<TrainingQuery>> byLabel =
                JudgedQueries.toTrainOn(train).stream().collect(Collectors.partitioningBy(TrainingQuery::isLabelled));
        this.labelled = byLabel.get(true);
        this.unlabelled = byLabel.get(false);
        this.progress = progress;
    }

    /**
     * Mines the lists of each kind into a file of its own.
     *
     * @param most queries at most, drawn by the seed
     * @param files by kind, {@link Kind#UNLABELLED} alone or the others; whole ones or none
     */
    void mine(Retriever retriever, MiningSettings settings, int most, Map<Kind, Path> files) throws IOException {
        boolean isLabelled = !files.containsKey(Kind.UNLABELLED);
        List<TrainingQuery> chosen = OfflineMining.drawn(isLabelled ? labelled : unlabelled, most, settings.seed());
        Map<Kind, List<CandidateList>> lists = new LinkedHashMap<>();
        files.keySet().forEach(kind -> lists.put(kind, new ArrayList<>()));
        new OfflineMining(corpus, retriever, settings).mine(chosen, (mined, done) -> {
            mined.stream()
                    .filter(list -> lists.containsKey(list.kind()))
                    .forEach(list -> lists.get(list.kind()).add(list));
            progress.accept("mining lists of %d with %s: %d of %d queries"
                    .formatted(settings.listLength(), retriever.id(), done, chosen.size()));
            return true;
        });
        for (Map.Entry<Kind, Path> file : files.entrySet()) {
            write(file.getValue(), lists.get(file.getKey()));
        }
    }

    private static void write(Path path, List<CandidateList> lists) throws IOException {
        try (MinedListFile file = MinedListFile.begin(path)) {
            for (CandidateList list : lists) {
                file.add(list);
            }
            file.commit();
        }
    }
}
