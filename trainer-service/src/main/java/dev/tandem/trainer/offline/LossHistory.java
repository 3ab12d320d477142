package dev.tandem.trainer.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.Stage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The losses of all updates of a run, in a file: a run that is gone on with has those from before. */
final class LossHistory implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

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
    private BufferedWriter out;

    /** Opens the history of a run that is to begin, or to go on. */
    LossHistory(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                read(line);
            }
        }
        rewrite();
    }

    private void read(String line) {
        try {
            points.add(JSON.readValue(line, Point.class));
        } catch (JsonProcessingException e) {
            // the last line of a run that was killed; its step is made again
        }
    }

    /** Adds an update; what is known of this step and later ones, from a run that was killed, is forgotten. */
    void add(Update update) throws IOException {
        Map<String, Double> values = new TreeMap<>(update.losses().terms());
        values.put("loss", update.losses().total());
        if (!points.isEmpty() && points.get(points.size() - 1).step() >= update.step()) {
            points.removeIf(point -> point.step() >= update.step());
            rewrite();
        }
        Point point = new Point(update.stage(), update.step(), values);
        points.add(point);
        append(point);
        out.flush();
    }

    private void rewrite() throws IOException {
        close();
        out = Files.newBufferedWriter(file, UTF_8);
        for (Point point : points) {
            append(point);
        }
        out.flush();
    }

    private void append(Point point) throws IOException {
        out.append(JSON.writeValueAsString(point)).append('\n');
    }

    /** All that is known, by step. */
    List<Point> points() {
        return List.copyOf(points);
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
