package dev.tandem.quickstart.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.Label;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether every event the broker took from the drill has had its effect, once. */
final class FeedbackAudit {
    private final Topics topics = new Topics();
    private final Books books;
    private final List<Ledger.Entry> sent;
    private final Set<Place> poison = new HashSet<>();
    private final JsonNode miner;
    private final Set<Ledger.Entry> lost = new LinkedHashSet<>();

    /**
     * An audit of what is there now.
     *
     * @param miner what the miner says of itself, once it has caught up
     */
    FeedbackAudit(Books books, Ledger ledger, JsonNode miner) {
        this.books = books;
        this.sent = ledger.entries();
        this.miner = miner;
        sent.stream().filter(Ledger.Entry::poison).forEach(entry -> poison.add(entry.place()));
    }

    List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(onTheirTopics());
        checks.add(labelled());
        checks.add(refused());
        checks.add(nothingElseRefused());
        checks.add(refusedOnce());
        checks.add(impressions());
        checks.add(clicks());
        return checks;
    }

    /** Events that have had no effect, as far as they can be told apart. */
    Set<Ledger.Entry> lost() {
        return lost;
    }

    private Check onTheirTopics() {
        Map<Place, String> there = books.keys();
        List<Ledger.Entry> gone = sent.stream()
                .filter(entry -> !entry.key().equals(there.get(entry.place())))
                .toList();
        lost.addAll(gone);
        return Check.of("events taken by the broker stand on their topics", sent.size(), gone);
    }

    private Check labelled() {
        Map<String, LabelledQuery> labels = books.labels();
        Set<String> heldOut = books.heldOut();
        List<Ledger.Entry> judged = sent.stream()
                .filter(entry -> entry.judged() != null && !entry.poison())
                .toList();
        List<Ledger.Entry> gone = judged.stream()
                .filter(entry -> !isLabelled(entry.judged(), labels, heldOut))
                .toList();
        lost.addAll(gone);
        return Check.of("judged queries have their label", judged.size(), gone);
    }

    private static boolean isLabelled(
            Ledger.Judged judged, Map<String, LabelledQuery> labels, Set<String> heldOutQueries) {
        LabelledQuery labelled = labels.get(judged.queryKey());
        return labelled != null
                && labelled.getLabels().stream().map(Label::getPassageId).anyMatch(judged.passageId()::equals)
                && labelled.getHeldOut() == judged.heldOut()
                && judged.heldOut() == heldOutQueries.contains(judged.queryKey());
    }

    private Check refused() {
        Map<Books.Letter, Integer> letters = books.letters();
        List<Books.Letter> missing = new ArrayList<>();
        long expected = 0;
        for (Ledger.Entry entry : sent) {
            for (Books.Letter letter : Poison.letters(entry)) {
                expected++;
                if (!letters.containsKey(letter)) {
                    missing.add(letter);
                    lost.add(entry);
                }
            }
        }
        return Check.of("poison is in the dead letters, from each reader", expected, missing);
    }

    private Check nothingElseRefused() {
        List<Books.Letter> wrong = books.letters().keySet().stream()
                .filter(letter -> !poison.contains(letter.about()))
                .filter(letter -> !letter.about().topic().equals(topics.clicks().name())) // late, or on nothing
                .toList();
        return Check.of(
                "dead letters are about poison, or clicks", books.letters().size(), wrong);
    }

    /** The miner writes them in its transactions; the other two may write one again after a crash. */
    private Check refusedOnce() {
        Map<Books.Letter, Integer> more = new HashMap<>();
        long all = 0;
        for (Map.Entry<Books.Letter, Integer> letter : books.letters().entrySet()) {
            if (letter.getKey().service().equals("miner")) {
                all++;
                if (letter.getValue() > 1) {
                    more.put(letter.getKey(), letter.getValue());
                }
            }
        }
        return Check.of("the miner has written each dead letter once", all, more.entrySet());
    }

    private Check impressions() {
        long expected = books.impressions().stream()
                .filter(place -> !poison.contains(place))
                .count();
        JsonNode counts = miner.path("impressions");
        return Check.same(
                "impressions are counted once", expected, sum(counts, List.of("counted", "repeated", "late")));
    }

    private Check clicks() {
        Map<Place, String> clicks = new HashMap<>(books.clicks());
        clicks.keySet().removeAll(poison);
        Set<String> shown = books.shown();
        long onNothing =
                clicks.values().stream().filter(query -> !shown.contains(query)).count();
        long counted = sum(
                miner.path("clicks"),
                List.of("accepted", "repeated", "duplicate", "orphan", "late", "notShown", "machine"));
        long waiting = clicks.size() - counted;
        boolean holds = waiting >= 0 && waiting <= onNothing;
        return new Check(
                "clicks are counted once",
                clicks.size(),
                holds ? 0 : Math.max(-waiting, waiting - onNothing),
                holds && waiting == 0
                        ? ""
                        : "%d wait for their impression, %d have none".formatted(waiting, onNothing));
    }

    private static long sum(JsonNode counts, List<String> names) {
        return names.stream().mapToLong(name -> counts.path(name).asLong()).sum();
    }
}
