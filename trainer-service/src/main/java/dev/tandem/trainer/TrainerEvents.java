package dev.tandem.trainer;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.Topics;
import dev.tandem.events.TrainingStage;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.trainer.resume.TrainingState;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Turns events into records and back; Avro goes no further. */
final class TrainerEvents {
    private TrainerEvents() {}

    /**
     * The candidate list of an event.
     *
     * @param key key under which the event stands
     * @throws IllegalArgumentException if the event breaks a rule of candidate lists; the message names it
     */
    static CandidateList candidateList(String key, CandidateListMined event) {
        QueryKey queryKey = QueryKey.of(event.getText());
        if (!queryKey.value().equals(event.getQueryKey())) {
            throw new IllegalArgumentException("Query %s: expected query key %s for its text, got %s"
                    .formatted(event.getQueryId(), queryKey, event.getQueryKey()));
        }
        String expected = Topics.listKey(event.getQueryKey(), event.getKind());
        if (!expected.equals(key)) {
            throw new IllegalArgumentException("Query %s: expected the list under key %s, got it under %s"
                    .formatted(event.getQueryId(), expected, key));
        }
        return new CandidateList(
                queryKey,
                new Query(event.getQueryId(), event.getText()),
                CandidateList.Kind.valueOf(event.getKind().name()),
                event.getCandidates().stream().map(TrainerEvents::candidate).toList(),
                event.getMinedBy(),
                event.getSeed(),
                event.getFreshestFeedbackAt());
    }

    private static Candidate candidate(dev.tandem.events.Candidate event) {
        return new Candidate(
                Candidate.Role.valueOf(event.getRole().name()),
                new Passage(event.getPassageId(), event.getTitle(), event.getText()),
                event.getRetrieverScore(),
                event.getRetrieverRank(),
                event.getRerankerScore());
    }

    /** The announcement of a checkpoint; the same for the same checkpoint, whenever it is made. */
    static CheckpointSaved checkpointSaved(Checkpoint checkpoint, URI uri, TrainingState state) {
        Map<String, Double> losses = new TreeMap<>();
        state.losses().forEach((term, mean) -> losses.put(term, mean.value()));
        return CheckpointSaved.newBuilder()
                .setId(checkpoint.id())
                .setParent(state.parent())
                .setStep(state.step())
                .setStage(TrainingStage.valueOf(state.stage().name()))
                .setRerankerTrained(state.rerankerTrained())
                .setUri(uri.toString())
                .setDigest(checkpoint.digest())
                .setLosses(losses)
                .setLists(state.lists())
                .setFreshestFeedbackAt(
                        state.freshestFeedbackAt() == 0 ? null : Instant.ofEpochMilli(state.freshestFeedbackAt()))
                .setSavedAt(Instant.ofEpochMilli(state.savedAt()))
                .build();
    }
}
