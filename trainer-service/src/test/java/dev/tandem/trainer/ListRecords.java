package dev.tandem.trainer;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.CandidateRole;
import dev.tandem.events.LabelSource;
import dev.tandem.events.ListKind;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Candidate lists as the miner writes them to their topic. */
final class ListRecords {
    private static final Topics TOPICS = new Topics();

    private ListRecords() {}

    static String key(CandidateList list) {
        return Topics.listKey(list.key().value(), ListKind.valueOf(list.kind().name()));
    }

    static byte[] value(CandidateList list) {
        List<dev.tandem.events.Candidate> candidates = new ArrayList<>();
        for (Candidate candidate : list.candidates()) {
            candidates.add(dev.tandem.events.Candidate.newBuilder()
                    .setRole(CandidateRole.valueOf(candidate.role().name()))
                    .setPassageId(candidate.passage().id())
                    .setTitle(candidate.passage().title())
                    .setText(candidate.passage().text())
                    .build());
        }
        return TOPICS.candidateLists()
                .write(CandidateListMined.newBuilder()
                        .setQueryKey(list.key().value())
                        .setQueryId(list.query().id())
                        .setText(list.query().text())
                        .setKind(ListKind.valueOf(list.kind().name()))
                        .setLabelSource(LabelSource.JUDGED)
                        .setCandidates(candidates)
                        .setMinedBy(list.minedBy())
                        .setSeed(list.seed())
                        .setFreshestFeedbackAt(list.freshestFeedbackAt())
                        .setMinedAt(Instant.EPOCH)
                        .build());
    }
}
