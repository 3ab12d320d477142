package dev.tandem.trainer.stage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to measure.
 *
 * @param data directory in BEIR layout, or null
 * @param threads of PyTorch, on both sides
 * @param kinds step, joint, corpus
 * @param about how long the rounds of one comparison may take together
 */
record SpeedOptions(Path data, List<ModelSize> sizes, int threads, Set<String> kinds, Duration about) {
    private static final Set<String> KEYS = Set.of("data", "sizes", "threads", "only", "seconds");

    /** Reads {@code key=value}; an empty value counts as none. */
    static SpeedOptions parse(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            if (pair.length != 2 || !KEYS.contains(pair[0])) {
                throw new IllegalArgumentException(
                        "Expected key=value with one of %s, found %s".formatted(KEYS, argument));
            }
            if (!pair[1].isEmpty()) {
                values.put(pair[0], pair[1]);
            }
        }
        String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
        return new SpeedOptions(
                values.containsKey("data") ? Path.of(values.get("data")) : null,
                Stream.of(values.getOrDefault("sizes", "128/2,384/6").split(",", -1))
                        .map(ModelSize::parse)
                        .toList(),
                Integer.parseInt(values.getOrDefault("threads", cores)),
                Set.of(values.getOrDefault("only", "step,joint,corpus").split(",", -1)),
                Duration.ofSeconds(Long.parseLong(values.getOrDefault("seconds", "20"))));
    }

    boolean wants(String kind) {
        return kinds.contains(kind);
    }
}
