package dev.tandem.miner;

import dev.tandem.miner.label.ClickEvidence;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.miner.state.JoinedClick;
import dev.tandem.miner.state.SeenPassage;
import dev.tandem.miner.state.Showing;
import dev.tandem.miner.state.Viewer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What each user saw and clicked of a query text, and what that adds to the evidence.
 *
 * <p>One user is one trial and one click: of a passage that a user was shown again only the best rank counts, of repeated
 * clicks one. A user who clicks more passages than {@link ClickPolicy#mostClicks} is taken for a machine, and everything that
 * user added is taken back. So the evidence does not depend on the order in which feedback comes.
 */
final class Audience {
    /** Below this rank nobody looks; it bounds what is kept of an impression. */
    static final int MOST_RANKS = 100;

    private static final Viewer NOBODY = new Viewer(List.of(), List.of(), false);
    private static final Viewer MACHINE = new Viewer(List.of(), List.of(), true);

    private final ClickPolicy policy;
    private final KeyValueStore<String, Viewer> viewers;
    private final KeyValueStore<String, Boolean> clickers;

    /**
     * @param viewers by query key and user
     * @param clickers whether a click satisfied, by query key, passage and user
     */
    Audience(ClickPolicy policy, KeyValueStore<String, Viewer> viewers, KeyValueStore<String, Boolean> clickers) {
        this.policy = policy;
        this.viewers = viewers;
        this.clickers = clickers;
    }

    /** Adds an impression to the evidence, which is by passage. */
    void saw(String queryKey, Showing showing, Map<String, ClickEvidence> evidence) {
        if (showing.getUser() == null) {
            for (int i = 0; i < showing.getPassageIds().size(); i++) {
                shown(evidence, showing.getPassageIds().get(i), i + 1, 1);
            }
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
            if (before == null || rank < before) {
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
        viewers.put(viewerKey, new Viewer(seen, viewer.getClicked(), false));
    }

    /** Adds a click to the evidence, which is by passage; returns its fate, a name of {@link FeedbackCounts}. */
    String clicked(String queryKey, JoinedClick click, Map<String, ClickEvidence> evidence) {
        String viewerKey = queryKey + "\0" + click.getUser();
        Viewer viewer = viewer(viewerKey);
        if (viewer.getMachine()) {
            return FeedbackCounts.MACHINE;
        }
        String clickerKey = clickerKey(queryKey, click.getPassageId(), click.getUser());
        Boolean wasSatisfied = clickers.get(clickerKey);
        boolean isSatisfied = policy.isSatisfied(click.getDwellMillis());
        if (wasSatisfied != null && (wasSatisfied || !isSatisfied)) {
            return FeedbackCounts.REPEATED;
        }
        if (wasSatisfied == null && policy.isMachine(viewer.getClicked().size() + 1)) {
            takeBack(queryKey, click.getUser(), viewer, evidence);
            viewers.put(viewerKey, MACHINE);
            return FeedbackCounts.MACHINE;
        }
        clickers.put(clickerKey, isSatisfied);
        if (wasSatisfied == null) {
            List<String> clicked = new ArrayList<>(viewer.getClicked());
            clicked.add(click.getPassageId());
            viewers.put(viewerKey, new Viewer(viewer.getSeen(), clicked, false));
        }
        users(evidence, click.getPassageId(), wasSatisfied == null ? 1 : 0, isSatisfied ? 1 : 0);
        return wasSatisfied == null ? FeedbackCounts.ACCEPTED : FeedbackCounts.REPEATED;
    }

    private void takeBack(String queryKey, String user, Viewer viewer, Map<String, ClickEvidence> evidence) {
        viewer.getSeen().forEach(seen -> shown(evidence, seen.getPassageId(), seen.getRank(), -1));
        for (String passageId : viewer.getClicked()) {
            boolean wasSatisfied = Boolean.TRUE.equals(clickers.get(clickerKey(queryKey, passageId, user)));
            users(evidence, passageId, -1, wasSatisfied ? -1 : 0);
        }
    }

    private Viewer viewer(String viewerKey) {
        Viewer viewer = viewers.get(viewerKey);
        return viewer == null ? NOBODY : viewer;
    }

    private static void shown(Map<String, ClickEvidence> evidence, String passageId, int rank, int more) {
        evidence.put(
                passageId, evidence.getOrDefault(passageId, ClickEvidence.NONE).plusShown(rank, more));
    }

    private static void users(Map<String, ClickEvidence> evidence, String passageId, int more, int moreSatisfied) {
        evidence.put(
                passageId, evidence.getOrDefault(passageId, ClickEvidence.NONE).plusUsers(more, moreSatisfied));
    }

    private static String clickerKey(String queryKey, String passageId, String user) {
        return queryKey + "\0" + passageId + "\0" + user;
    }
}
