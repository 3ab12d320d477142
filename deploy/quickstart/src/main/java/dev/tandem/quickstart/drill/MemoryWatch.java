package dev.tandem.quickstart.drill;

import dev.tandem.quickstart.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Resident memory of some processes over time, whichever process stands behind each name. */
final class MemoryWatch {
    /** Shorter series say nothing: the JVMs are still warming up. */
    static final int FEWEST_SAMPLES = 400;
    /** By how much the median of the last tenth may exceed that of the second. */
    static final double MOST_GROWTH = 1.25;

    private static final int KIB_PER_MIB = 1024;

    private final List<ChildProcess> processes;
    private final Map<String, List<Long>> series = new LinkedHashMap<>();

    MemoryWatch(List<ChildProcess> processes) {
        this.processes = List.copyOf(processes);
    }

    /**
     * What a process held.
     *
     * @param early median of the second tenth of the time, MiB
     * @param late median of the last tenth, MiB
     */
    record Course(String process, long early, long late) {
        boolean isFlat() {
            return late <= early * MOST_GROWTH;
        }
    }

    /** Looks at all of them now; a process that is just starting again, and machines without /proc, say nothing. */
    void look() {
        for (ChildProcess process : processes) {
            long resident = residentKib(process.pid());
            if (resident > 0) {
                series.computeIfAbsent(process.name(), name -> new ArrayList<>())
                        .add(resident);
            }
        }
    }

    private static long residentKib(long pid) {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }

    /** By process; empty where the series are too short. */
    List<Course> courses() {
        List<Course> courses = new ArrayList<>();
        series.forEach((name, samples) -> {
            if (samples.size() >= FEWEST_SAMPLES) {
                int tenth = samples.size() / 10;
                long early = median(samples.subList(tenth, 2 * tenth));
                long late = median(samples.subList(samples.size() - tenth, samples.size()));
                courses.add(new Course(name, early / KIB_PER_MIB, late / KIB_PER_MIB));
            }
        });
        return courses;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
