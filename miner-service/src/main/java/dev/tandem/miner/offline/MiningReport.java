package dev.tandem.miner.offline;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.line.JsonLine;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What mined lists are made of: how many there are of each kind, who is in them, and how both models scored those. */
public final class MiningReport {
    private final Map<Kind, Long> lists = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<Role, RoleCount>> roles = new EnumMap<>(Kind.class);

    /** Candidates of one role in lists of one kind. */
    private static final class RoleCount {
        private final ScoreSample retriever = new ScoreSample();
        private final ScoreSample reranker = new ScoreSample();
        private long candidates;
        private long ranks;
        private long ranked;

        void add(Candidate candidate) {
            candidates++;
            retriever.add(candidate.retrieverScore());
            reranker.add(candidate.rerankerScore());
            if (candidate.retrieverRank() != null) {
                ranks += candidate.retrieverRank();
                ranked++;
            }
        }
    }

    /** Counts a list. */
    public void add(CandidateList list) {
        lists.merge(list.kind(), 1L, Long::sum);
        Map<Role, RoleCount> ofKind = roles.computeIfAbsent(list.kind(), kind -> new EnumMap<>(Role.class));
        for (Candidate candidate : list.candidates()) {
            ofKind.computeIfAbsent(candidate.role(), role -> new RoleCount()).add(candidate);
        }
    }

    /** Lists of all kinds. */
    public long lists() {
        return lists.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Lists of a kind. */
    public long lists(Kind kind) {
        return lists.getOrDefault(kind, 0L);
    }

    /** Candidates of a role in the lists of a kind. */
    public long candidates(Kind kind, Role role) {
        RoleCount found = roles.getOrDefault(kind, Map.of()).get(role);
        return found == null ? 0 : found.candidates;
    }

    /** It as a table in Markdown; scores as their 10th, 50th and 90th percentile. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(
                        "| kind | lists | role | per list | mean rank | retriever 10 / 50 / 90 % | re-ranker 10 / 50 / 90 % |\n")
                .append("|---|---|---|---|---|---|---|\n");
        roles.forEach((kind, ofKind) -> ofKind.forEach((role, count) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %,d (%.0f %%) | %s | %.2f | %s | %s | %s |%n",
                JsonLine.name(kind),
                lists(kind),
                100.0 * lists(kind) / lists(),
                JsonLine.name(role),
                (double) count.candidates / lists(kind),
                count.ranked == 0 ? "–" : String.format(Locale.ROOT, "%.1f", (double) count.ranks / count.ranked),
                count.retriever.deciles(),
                count.reranker.deciles()))));
        return table.toString().stripTrailing();
    }
}
