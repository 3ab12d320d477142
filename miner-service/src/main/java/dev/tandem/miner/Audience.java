package dev.tandem.miner;

import dev.tandem.miner.label.ClickEvidence;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.miner.state.JoinedClick;
import dev.tandem.miner.state.SeenPassage;
import dev.tandem.miner.state.Showing;
import dev.tandem.miner.state.Viewer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What each user saw and clicked of a query text, and what that adds to the evidence.
 *
 * <p>One user is one trial and one click: of a passage that a user was shown again only the best rank counts, of repeated
 * clicks one. A user who clicks more passages than {@link ClickPolicy#mostClicks} is taken for a machine, and everything that
 * user added is taken back. So the evidence does not depend on the order in which feedback comes, as long as a query text is
 * shown with no more passages than are kept.
 */
final class Audience {
    /** Below this rank nobody looks; it bounds what is kept of an impression. */
    static final int MOST_RANKS = 100;
    /** Passages kept per query text: then those go that fewest users clicked, of them those shown least. */
    static final int MOST_PASSAGES = 1_000;
    /** Passages kept per user and query text: what a user is shown beyond them adds nothing. */
    static final int MOST_SEEN = 200;

    private static final Viewer NOBODY = new Viewer(List.of(), List.of(), List.of(), false);
    private static final Viewer MACHINE = new Viewer(List.of(), List.of(), List.of(), true);

    private final ClickPolicy policy;
    private final KeyValueStore<String, Viewer> viewers;

    /**
     * @param viewers by query key and user
     */
    Audience(ClickPolicy policy, KeyValueStore<String, Viewer> viewers) {
        this.policy = policy;
        this.viewers = viewers;
    }

    /** Adds an impression to the evidence, which is by passage. */
    void saw(String queryKey, Showing showing, Map<String, ClickEvidence> evidence) {
        if (showing.getUser() == null) {
            for (int i = 0; i < showing.getPassageIds().size(); i++) {
                shown(evidence, showing.getPassageIds().get(i), i + 1, 1);
            }
            bound(evidence);
            return;
        }
        String viewerKey = queryKey + "\0" + showing.getUser();
        Viewer viewer = viewer(viewerKey);
        if (viewer.getMachine()) {
            return;
        }
        Map<String, Integer> best = new LinkedHashMap<>();
        viewer.getSeen().forEach(seen -> best.put(seen.getPassageId(), seen.getRank()));
        for (int rank = 1; rank <= showing.getPassageIds().size(); rank++) {
            String passageId = showing.getPassageIds().get(rank - 1);
            Integer before = best.get(passageId);
            if (before == null ? best.size() < MOST_SEEN : rank < before) {
                if (before != null) {
                    shown(evidence, passageId, before, -1);
                }
                shown(evidence, passageId, rank, 1);
                best.put(passageId, rank);
            }
        }
        List<SeenPassage> seen = best.entrySet().stream()
                .map(entry -> new SeenPassage(entry.getKey(), entry.getValue()))
                .toList();
        viewers.put(viewerKey, new Viewer(seen, viewer.getClicked(), viewer.getSatisfied(), false));
        bound(evidence);
    }

    /** Adds a click to the evidence, which is by passage; returns its fate, a name of {@link FeedbackCounts}. */
    String clicked(String queryKey, JoinedClick click, Map<String, ClickEvidence> evidence) {
        String viewerKey = queryKey + "\0" + click.getUser();
        Viewer viewer = viewer(viewerKey);
        if (viewer.getMachine()) {
            return FeedbackCounts.MACHINE;
        }
        String passageId = click.getPassageId();
        boolean isFirst = !viewer.getClicked().contains(passageId);
        boolean isSatisfied = policy.isSatisfied(click.getDwellMillis())
                && !viewer.getSatisfied().contains(passageId);
        if (!isFirst && !isSatisfied) {
            return FeedbackCounts.REPEATED;
        }
        if (isFirst && policy.isMachine(viewer.getClicked().size() + 1)) {
            takeBack(viewer, evidence);
            viewers.put(viewerKey, MACHINE);
            return FeedbackCounts.MACHINE;
        }
        viewers.put(
                viewerKey,
                new Viewer(
                        viewer.getSeen(),
                        isFirst ? with(passageId, viewer.getClicked()) : viewer.getClicked(),
                        isSatisfied ? with(passageId, viewer.getSatisfied()) : viewer.getSatisfied(),
                        false));
        users(evidence, passageId, isFirst ? 1 : 0, isSatisfied ? 1 : 0);
        bound(evidence);
        return isFirst ? FeedbackCounts.ACCEPTED : FeedbackCounts.REPEATED;
    }

    private static void takeBack(Viewer viewer, Map<String, ClickEvidence> evidence) {
        viewer.getSeen().forEach(seen -> shown(evidence, seen.getPassageId(), seen.getRank(), -1));
        for (String passageId : viewer.getClicked()) {
            users(evidence, passageId, -1, viewer.getSatisfied().contains(passageId) ? -1 : 0);
        }
    }

    private static List<String> with(String passageId, List<String> passageIds) {
        List<String> more = new ArrayList<>(passageIds);
        more.add(passageId);
        return more;
    }

    private Viewer viewer(String viewerKey) {
        Viewer viewer = viewers.get(viewerKey);
        return viewer == null ? NOBODY : viewer;
    }

    /** Keeps a state small enough for a record, whatever is sent. */
    private static void bound(Map<String, ClickEvidence> evidence) {
        int excess = evidence.size() - MOST_PASSAGES;
        if (excess > 0) {
            List<String> least = evidence.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(
                            Comparator.comparingInt(ClickEvidence::users).thenComparingInt(ClickEvidence::impressions)))
                    .limit(excess)
                    .map(Map.Entry::getKey)
                    .toList();
            least.forEach(evidence::remove);
        }
    }

    private static void shown(Map<String, ClickEvidence> evidence, String passageId, int rank, int more) {
        ClickEvidence before = evidence.getOrDefault(passageId, ClickEvidence.NONE);
        boolean isForgotten =
                more < 0 && (before.shownAt().size() < rank || before.shownAt().get(rank - 1) + more < 0);
        if (!isForgotten) {
            evidence.put(passageId, before.plusShown(rank, more));
        }
    }

    private static void users(Map<String, ClickEvidence> evidence, String passageId, int more, int moreSatisfied) {
        ClickEvidence before = evidence.getOrDefault(passageId, ClickEvidence.NONE);
        int users = Math.max(0, before.users() + more); // of a passage that was forgotten nothing is left to take back
        int satisfied = Math.max(0, Math.min(before.satisfiedUsers() + moreSatisfied, users));
        evidence.put(passageId, new ClickEvidence(users, satisfied, before.shownAt()));
    }
}
