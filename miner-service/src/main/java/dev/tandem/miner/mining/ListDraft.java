package dev.tandem.miner.mining;

import dev.tandem.miner.serving.Corpus;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The lists of one query, from its ranking and, where there are any, the cross encoder's scores.
 *
 * <p>No known positive ever stands among the negatives, and no passage with the very text of one. A list that would be
 * too short is filled up with passages drawn from the corpus, so that lists have one length wherever the corpus is large
 * enough.
 */
final class ListDraft {
    /** Chance that a denoised list takes a pseudo-positive where the query has one; the label keeps the other half. */
    private static final double PSEUDO_POSITIVE_SHARE = 0.5;

    private final MiningSettings settings;
    private final Corpus corpus;
    private final String minedBy;
    private final TrainingQuery query;
    private final Ranking ranking;
    private final Map<String, Float> relevance;
    private final Map<String, Integer> rankOf = new HashMap<>();
    private final List<String> positives;
    private final Set<String> notNegative = new HashSet<>();

    ListDraft(
            MiningSettings settings,
            Corpus corpus,
            String minedBy,
            TrainingQuery query,
            Ranking ranking,
            Map<String, Float> relevance) {
        this.settings = settings;
        this.corpus = corpus;
        this.minedBy = minedBy;
        this.query = query;
        this.ranking = ranking;
        this.relevance = relevance;
        this.positives = query.positives().stream().filter(corpus::contains).toList();
        for (int i = 0; i < ranking.size(); i++) {
            rankOf.put(ranking.hits().get(i).passageId(), i);
        }
        notNegative.addAll(query.positives());
        excludeCopiesOfPositives();
    }

    /** The positive, then passages as retrieved. */
    Optional<CandidateList> undenoised() {
        Random random = Sampling.random(query.key(), minedBy, settings.seed(), Kind.UNDENOISED);
        String positive = Sampling.sample(positives, 1, random).get(0);
        Map<String, Role> negatives = new LinkedHashMap<>();
        add(negatives, retrieved(0), Role.RETRIEVED, random);
        return list(Kind.UNDENOISED, Role.POSITIVE, positive, negatives, random);
    }

    /** A positive or pseudo-positive, then negatives somebody has confirmed, then passages from below rank m. */
    Optional<CandidateList> denoised() {
        Random random = Sampling.random(query.key(), minedBy, settings.seed(), Kind.DENOISED);
        List<String> pseudoPositives = pseudoPositives();
        notNegative.addAll(pseudoPositives);
        boolean isPseudo = !pseudoPositives.isEmpty() && random.nextDouble() < PSEUDO_POSITIVE_SHARE;
        String positive = Sampling.sample(isPseudo ? pseudoPositives : positives, 1, random)
                .get(0);
        Map<String, Role> negatives = new LinkedHashMap<>();
        add(negatives, judgedNegatives(), Role.JUDGED_NEGATIVE, random);
        add(negatives, confirmedNegatives(), Role.HARD_NEGATIVE, random);
        add(negatives, retrieved(settings.rerankDepth()), Role.RETRIEVED, random);
        return list(Kind.DENOISED, isPseudo ? Role.PSEUDO_POSITIVE : Role.POSITIVE, positive, negatives, random);
    }

    /** Passages as retrieved, the best first, for a query without a label: what both models think of them can be learned from. */
    Optional<CandidateList> unlabelled() {
        Random random = Sampling.random(query.key(), minedBy, settings.seed(), Kind.UNLABELLED);
        Set<String> drawn = new HashSet<>(Sampling.sample(retrieved(0), settings.listLength(), random));
        List<Candidate> candidates = ranking.passageIds().stream()
                .filter(drawn::contains)
                .map(passageId -> candidate(Role.RETRIEVED, passageId))
                .toList();
        return candidates.size() < 2
                ? Optional.empty()
                : Optional.of(new CandidateList(
                        query.key(),
                        query.query(),
                        Kind.UNLABELLED,
                        candidates,
                        minedBy,
                        settings.seed(),
                        query.freshestFeedbackAt()));
    }

    private Optional<CandidateList> list(
            Kind kind, Role positiveRole, String positive, Map<String, Role> negatives, Random random) {
        fillUp(negatives, random);
        if (negatives.isEmpty()) {
            return Optional.empty();
        }
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(candidate(positiveRole, positive));
        negatives.forEach((passageId, role) -> candidates.add(candidate(role, passageId)));
        return Optional.of(new CandidateList(
                query.key(), query.query(), kind, candidates, minedBy, settings.seed(), query.freshestFeedbackAt()));
    }

    private void add(Map<String, Role> negatives, List<String> from, Role role, Random random) {
        int missing = settings.listLength() - 1 - negatives.size();
        List<String> others = from.stream()
                .filter(passageId -> !negatives.containsKey(passageId))
                .toList();
        for (String passageId : Sampling.sample(others, missing, random)) {
            negatives.put(passageId, query.notRelevant().contains(passageId) ? Role.JUDGED_NEGATIVE : role);
        }
    }

    /** Draws from the corpus; a small corpus may have nothing left to draw, so the number of draws is bounded. */
    private void fillUp(Map<String, Role> negatives, Random random) {
        int wanted = Math.min(settings.listLength() - 1, corpus.size() - 1);
        for (int draw = 0; negatives.size() < wanted && draw < 20 * settings.listLength(); draw++) {
            Passage drawn = corpus.draw(random);
            if (!notNegative.contains(drawn.id()) && !isCopyOfAPositive(drawn)) {
                negatives.putIfAbsent(
                        drawn.id(), query.notRelevant().contains(drawn.id()) ? Role.JUDGED_NEGATIVE : Role.RETRIEVED);
            }
        }
    }

    private Candidate candidate(Role role, String passageId) {
        Integer row = rankOf.get(passageId);
        return new Candidate(
                role,
                corpus.find(passageId).orElseThrow(),
                row == null ? null : (float) ranking.hits().get(row).score(),
                row == null ? null : row + 1,
                relevance.get(passageId));
    }

    /** Passages from a rank on that may be negatives. */
    private List<String> retrieved(int fromRow) {
        double limit = negativeLimit();
        return ranking.hits().stream()
                .skip(fromRow)
                .filter(hit -> hit.score() <= limit)
                .map(Ranking.Hit::passageId)
                .filter(corpus::contains)
                .filter(passageId -> !notNegative.contains(passageId))
                .toList();
    }

    /** Score above which nothing is a negative as retrieved; infinite without a limit, or where some positive has no score. */
    private double negativeLimit() {
        if (settings.negativeLimit().isEmpty() || !rankOf.keySet().containsAll(positives)) {
            return Double.POSITIVE_INFINITY;
        }
        double lowest = positives.stream()
                .mapToDouble(
                        positive -> ranking.hits().get(rankOf.get(positive)).score())
                .min()
                .orElseThrow();
        return lowest > 0 ? settings.negativeLimit().getAsDouble() * lowest : lowest;
    }

    private List<String> judgedNegatives() {
        return query.notRelevant().stream()
                .filter(corpus::contains)
                .filter(passageId -> !notNegative.contains(passageId))
                .toList();
    }

    private List<String> confirmedNegatives() {
        Set<String> known = new LinkedHashSet<>(notNegative);
        known.addAll(query.notRelevant());
        return inCorpus(settings.denoising().negatives(ranking, relevance, known));
    }

    private List<String> pseudoPositives() {
        Set<String> known = new LinkedHashSet<>(notNegative);
        known.addAll(query.notRelevant());
        return inCorpus(settings.denoising().pseudoPositives(ranking, relevance, Set.copyOf(positives), known));
    }

    private List<String> inCorpus(List<Ranking.Hit> hits) {
        return hits.stream()
                .map(Ranking.Hit::passageId)
                .filter(corpus::contains)
                .toList();
    }

    private void excludeCopiesOfPositives() {
        for (String passageId : ranking.passageIds()) {
            if (corpus.find(passageId).filter(this::isCopyOfAPositive).isPresent()) {
                notNegative.add(passageId);
            }
        }
    }

    private boolean isCopyOfAPositive(Passage passage) {
        return positives.stream()
                .map(positive -> corpus.find(positive).orElseThrow())
                .anyMatch(positive -> positive.text().equals(passage.text())
                        && positive.title().equals(passage.title()));
    }
}
