package dev.tandem.quickstart.drill;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a drill has shown.
 *
 * @param time from the services being up to the last event
 * @param skipped why a kind of fault was left out
 * @param ends processes that ended by themselves
 */
record DrillReport(
        Duration time,
        long seed,
        Ledger ledger,
        List<Rounds.Outcome> outcomes,
        Map<FaultKind, String> skipped,
        Closing.Audit audit,
        List<MemoryWatch.Course> memory,
        List<String> ends) {
    private static final String ROW = "%-24s %5s  %8s  %15s  %7s  %4s%n";

    /** One kind of fault. */
    private record Row(FaultKind kind, int times, List<Double> recoveries, long lost) {
        double median() {
            return recoveries.get((recoveries.size() - 1) / 2);
        }

        double max() {
            return recoveries.get(recoveries.size() - 1);
        }
    }

    /** Whether nothing was lost, the ring recovered each time, and memory stayed flat. */
    boolean holds() {
        return !outcomes.isEmpty()
                && outcomes.stream().allMatch(outcome -> outcome.recovery().isPresent())
                && audit.checks().stream().allMatch(Check::holds)
                && memory.stream().allMatch(MemoryWatch.Course::isFlat);
    }

    private List<Row> rows() {
        Map<FaultKind, List<Rounds.Outcome>> byKind = new TreeMap<>();
        outcomes.forEach(outcome -> byKind.computeIfAbsent(outcome.kind(), kind -> new ArrayList<>())
                .add(outcome));
        List<Row> rows = new ArrayList<>();
        byKind.forEach((kind, all) -> rows.add(new Row(
                kind,
                all.size(),
                all.stream()
                        .flatMap(outcome -> outcome.recovery().stream())
                        .map(took -> took.toMillis() / 1000.0)
                        .sorted()
                        .toList(),
                audit.lost().getOrDefault(kind, 0L))));
        return rows;
    }

    String text() {
        StringBuilder text = new StringBuilder("%n".formatted());
        text.append(ROW.formatted("fault", "times", "survived", "recovery median", "max", "lost"));
        for (Row row : rows()) {
            boolean any = !row.recoveries().isEmpty();
            text.append(ROW.formatted(
                    row.kind().label(),
                    row.times(),
                    row.recoveries().size(),
                    any ? seconds(row.median()) : "–",
                    any ? seconds(row.max()) : "–",
                    row.lost()));
        }
        skipped.forEach((kind, why) -> text.append("%-24s skipped: %s%n".formatted(kind.label(), why)));
        text.append("%n%-62s %8s %6s%n".formatted("the books", "counted", "wrong"));
        for (Check check : audit.checks()) {
            String example = check.example().isEmpty() ? "" : "  (" + check.example() + ")";
            text.append("%-62s %,8d %,6d%s%n".formatted(check.what(), check.counted(), check.lost(), example));
        }
        text.append(memoryText());
        text.append("%n%,d events in %d minutes, seed %d; %,d more that the broker did not confirm. %s%n"
                .formatted(ledger.size(), time.toMinutes(), seed, ledger.failures(), endsText()));
        text.append(holds() ? "Nothing was lost; the ring recovered from every fault." : "NOT ALL IS WELL, see above.");
        return text.toString();
    }

    private String memoryText() {
        if (memory.isEmpty()) {
            return "%nmemory: too short a time to tell%n".formatted();
        }
        StringBuilder text = new StringBuilder("%nresident memory, MiB     second tenth  last tenth%n".formatted());
        for (MemoryWatch.Course course : memory) {
            text.append("%-24s %12d %11d%s%n"
                    .formatted(
                            course.process(),
                            course.early(),
                            course.late(),
                            course.isFlat() ? "" : "  grows by more than a quarter"));
        }
        return text.toString();
    }

    private String endsText() {
        return ends.isEmpty() ? "No process ended by itself." : "Ended by themselves: " + String.join(", ", ends) + ".";
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    String json() {
        ObjectNode line = new JsonMapper()
                .createObjectNode()
                .put("ok", holds())
                .put("minutes", time.toMinutes())
                .put("seed", seed)
                .put("events", ledger.size())
                .put("unconfirmed", ledger.failures());
        ArrayNode faults = line.putArray("faults");
        for (Row row : rows()) {
            ObjectNode fault = faults.addObject()
                    .put("fault", row.kind().label())
                    .put("times", row.times())
                    .put("survived", row.recoveries().size())
                    .put("lost", row.lost());
            if (!row.recoveries().isEmpty()) {
                fault.put("medianSeconds", row.median()).put("maxSeconds", row.max());
            }
        }
        ObjectNode left = line.putObject("skipped");
        skipped.forEach((kind, why) -> left.put(kind.label(), why));
        ArrayNode books = line.putArray("books");
        audit.checks()
                .forEach(check -> books.addObject()
                        .put("check", check.what())
                        .put("counted", check.counted())
                        .put("wrong", check.lost())
                        .put("example", check.example()));
        ArrayNode courses = line.putArray("memory");
        memory.forEach(course -> courses.addObject()
                .put("process", course.process())
                .put("secondTenthMiB", course.early())
                .put("lastTenthMiB", course.late()));
        ends.forEach(line.putArray("ends")::add);
        return line.toString();
    }
}
