package dev.tandem.trainer.offline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The losses of all updates of a run, in a file: a run that is gone on with has those from before. In memory are no more than
 * a plot can show.
 */
final class LossHistory {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_POINTS = 20_000;

    /**
     * What one update measured.
     *
     * @param values the loss and its terms by name
     */
    record Point(Stage stage, long step, Map<String, Double> values) {
        Point {
            values = new TreeMap<>(values);
        }
    }

    private final Path file;
    private final List<Point> points = new ArrayList<>();
    private long stride = 1; // of the steps kept in points
    private long lastStep; // in the file

    /** Opens the history of a run that is to begin, or to go on. */
    LossHistory(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file) && read() != Files.size(file)) {
            rewriteUntil(Long.MAX_VALUE);
        }
    }

    /** Reads the file; returns the bytes of its whole lines. */
    private long read() throws IOException {
        long whole = 0;
        try (BufferedReader in = Files.newBufferedReader(file, ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Optional<Point> point = point(line);
                if (point.isPresent()) {
                    whole += line.length() + 1;
                    lastStep = point.get().step();
                    keep(point.get());
                }
            }
        }
        return whole;
    }

    private static Optional<Point> point(String line) {
        try {
            return Optional.of(JSON.readValue(line, Point.class));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // torn when the run was killed, or the disk was full
        }
    }

    private void keep(Point point) {
        if (point.step() % stride == 0) {
            points.add(point);
        }
        if (points.size() > MOST_POINTS) {
            stride *= 2;
            points.removeIf(kept -> kept.step() % stride != 0);
        }
    }

    /** Adds an update; what is known of this step and later ones, from a run that was killed, is forgotten. */
    void add(Update update) throws IOException {
        Map<String, Double> values = new TreeMap<>(update.losses().terms());
        values.put("loss", update.losses().total());
        Point point = new Point(update.stage(), update.step(), values);
        boolean again = point.step() <= lastStep;
        if (again) {
            points.removeIf(kept -> kept.step() >= point.step());
        }
        keep(point);
        if (again) {
            rewriteUntil(point.step());
        }
        lastStep = point.step();
        Files.writeString(
                file, JSON.writeValueAsString(point) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void rewriteUntil(long step) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try (BufferedReader in = Files.newBufferedReader(file, ISO_8859_1);
                Writer out = Files.newBufferedWriter(aside, ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (point(line).filter(point -> point.step() < step).isPresent()) {
                    out.append(line).append('\n');
                }
            }
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What a plot can show, by step. */
    List<Point> points() {
        return List.copyOf(points);
    }
}
