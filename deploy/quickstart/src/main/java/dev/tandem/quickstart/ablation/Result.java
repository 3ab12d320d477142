package dev.tandem.quickstart.ablation;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one variant reached with one seed.
 *
 * @param steps made from the warm start
 * @param seconds that training took
 * @param values one per measured query, in the order of the queries
 */
record Result(Variant variant, long seed, long steps, double seconds, Map<Measure, double[]> values) {
    Result {
        requireNonNull(variant, "variant is null");
        values = Collections.unmodifiableMap(new EnumMap<>(values));
    }

    double mean(Measure measure) {
        return Arrays.stream(values.get(measure)).average().orElse(0);
    }

    /** The means in one line. */
    String line() {
        return Arrays.stream(Measure.values())
                .map(measure -> String.format(Locale.ROOT, "%s %.4f", measure.label(), mean(measure)))
                .collect(Collectors.joining(", "));
    }
}
