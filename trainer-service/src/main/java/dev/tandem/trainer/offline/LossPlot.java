package dev.tandem.trainer.offline;

import dev.tandem.trainer.offline.LossHistory.Point;
import dev.tandem.trainer.recipe.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The losses of a run as one HTML page that needs nothing else: a chart per loss and stage, what each update measured in grey
 * and its running mean in colour.
 */
final class LossPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 200;
    private static final int LEFT = 60;
    private static final int MOST_DOTS = 800;
    /** Of the chart's width, what the running mean looks back on. */
    private static final int WINDOWS = 30;

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <title>%1$s</title>
            <style>
            body { font: 14px/1.4 sans-serif; margin: 2em auto; max-width: 60em; color: #222; background: #fff }
            h2 { font-size: 1.1em; margin: 1.5em 0 0 } svg { width: 100%% } pre { font-size: 12px }
            text { font-size: 11px; fill: #555 } line { stroke: #ddd } .raw { stroke: #bbb } .mean { stroke: #06c; stroke-width: 2 }
            polyline { fill: none }
            </style>
            <h1>%1$s</h1>
            %2$s
            <details><summary>Recipe</summary><pre>%3$s</pre></details>
            </html>
            """;

    private LossPlot() {}

    /**
     * The page.
     *
     * @param recipe by setting
     */
    static String html(String title, List<Point> points, Map<String, String> recipe) {
        StringBuilder charts = new StringBuilder();
        for (Stage stage : Stage.values()) {
            List<Point> ofStage =
                    points.stream().filter(point -> point.stage() == stage).toList();
            for (String name : names(ofStage)) {
                charts.append(chart(label(stage) + ": " + name.replace('-', ' '), name, ofStage));
            }
        }
        String settings = recipe.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
        return PAGE.formatted(escaped(title), charts, escaped(settings));
    }

    private static SortedSet<String> names(List<Point> points) {
        return points.stream()
                .flatMap(point -> point.values().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String label(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String chart(String title, String name, List<Point> points) {
        List<double[]> dots = dots(name, points);
        List<double[]> means = means(dots);
        double lowest = dots.stream().mapToDouble(dot -> dot[1]).min().orElse(0);
        double highest = dots.stream().mapToDouble(dot -> dot[1]).max().orElse(1);
        double first = dots.get(0)[0];
        double last = dots.get(dots.size() - 1)[0];
        String frame = "<line x1='%1$d' y1='10' x2='%2$d' y2='10'/><line x1='%1$d' y1='%3$d' x2='%2$d' y2='%3$d'/>"
                .formatted(LEFT, WIDTH, HEIGHT);
        String labels = text(LEFT - 6, 14, "end", number(highest))
                + text(LEFT - 6, HEIGHT, "end", number(lowest))
                + text(LEFT, HEIGHT + 16, "start", "step " + number(first))
                + text(WIDTH, HEIGHT + 16, "end", "step " + number(last));
        return "<h2>%s, %s at the end</h2>%n<svg viewBox='0 0 %d %d' role='img'>%s%s%s%s</svg>%n"
                .formatted(
                        escaped(title),
                        number(means.get(means.size() - 1)[1]),
                        WIDTH,
                        HEIGHT + 20,
                        frame,
                        labels,
                        line("raw", dots, first, last, lowest, highest),
                        line("mean", means, first, last, lowest, highest));
    }

    /** Step and value, averaged over as many updates as makes few enough dots. */
    private static List<double[]> dots(String name, List<Point> points) {
        List<Point> with = points.stream()
                .filter(point -> point.values().containsKey(name))
                .toList();
        int size = 1 + with.size() / MOST_DOTS;
        List<double[]> dots = new ArrayList<>();
        for (int from = 0; from < with.size(); from += size) {
            List<Point> part = with.subList(from, Math.min(with.size(), from + size));
            double mean = part.stream()
                    .mapToDouble(point -> point.values().get(name))
                    .average()
                    .orElseThrow();
            dots.add(new double[] {part.get(part.size() - 1).step(), mean});
        }
        return dots;
    }

    private static List<double[]> means(List<double[]> dots) {
        int window = Math.max(1, dots.size() / WINDOWS);
        List<double[]> means = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < dots.size(); i++) {
            sum += dots.get(i)[1] - (i >= window ? dots.get(i - window)[1] : 0);
            means.add(new double[] {dots.get(i)[0], sum / Math.min(window, i + 1)});
        }
        return means;
    }

    private static String line(
            String kind, List<double[]> dots, double first, double last, double lowest, double highest) {
        String places = dots.stream()
                .map(dot -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        LEFT + (WIDTH - LEFT) * share(dot[0], first, last),
                        HEIGHT - (HEIGHT - 10) * share(dot[1], lowest, highest)))
                .collect(Collectors.joining(" "));
        return "<polyline class='%s' points='%s'/>".formatted(kind, places);
    }

    private static double share(double value, double least, double most) {
        return most > least ? (value - least) / (most - least) : 0.5;
    }

    private static String text(int x, int y, String anchor, String text) {
        return "<text x='%d' y='%d' text-anchor='%s'>%s</text>".formatted(x, y, anchor, escaped(text));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
