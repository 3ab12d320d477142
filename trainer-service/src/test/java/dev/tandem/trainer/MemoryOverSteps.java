package dev.tandem.trainer;

import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.recipe.Joint;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.stage.Models;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains on lists of random tokens and prints resident memory and time per step: whether anything grows.
 *
 * <pre>
 * MemoryOverSteps [hidden=128] [layers=2] [steps=2000] [lists=2] [length=8] [budget=32768] [in-batch=0] [device=auto]
 *     [precision=fp32,bf16]
 * </pre>
 *
 * Run it with {@code -Xms128m -Xmx128m -XX:+AlwaysPreTouch}: else Java's heap, which becomes resident as it fills for the first
 * time, hides whether native memory grows. More than one precision are trained in turns, so that what else the machine does
 * meets them alike.
 */
public final class MemoryOverSteps {
    private static final int VOCABULARY = 100; // the tokenizer has more
    private final List<String> arguments;
    private final Random random = new Random(1);

    private MemoryOverSteps(String[] arguments) {
        this.arguments = List.of(arguments);
    }

    public static void main(String[] arguments) throws IOException {
        new MemoryOverSteps(arguments).run();
    }

    private void run() throws IOException {
        Path initial = initial(Files.createTempDirectory("tandem-memory"));
        List<Models> models = Arrays.stream(text("precision", "fp32").split(",", -1))
                .map(precision -> Precision.valueOf(precision.toUpperCase(Locale.ROOT)))
                .map(precision -> Models.open(initial, recipe(), Compute.of(text("device", "auto"), precision)))
                .toList();
        models.forEach(one -> one.begin(Stage.JOINT));
        int steps = number("steps", 2000);
        long[] kilobytes = new long[steps];
        double[][] seconds = new double[models.size()][steps];
        for (int i = 0; i < steps; i++) {
            List<TokenizedExample> examples = examples();
            for (int j = 0; j < models.size(); j++) {
                long began = System.nanoTime();
                step(models.get(j), examples);
                seconds[j][i] = (System.nanoTime() - began) / 1e9;
            }
            kilobytes[i] = residentKilobytes();
            if (i % Math.max(1, steps / 10) == 0) {
                trace(i, kilobytes[i]);
            }
        }
        models.forEach(Models::close);
        report(kilobytes, seconds);
    }

    private static void trace(int step, long kilobytes) {
        System.out.printf(
                "step %d: %d MB resident; Java's heap %d MB committed, direct buffers %d MB%n",
                step,
                kilobytes >> 10,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() >> 20,
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                                .sum()
                        >> 20);
    }

    private static void step(Models models, List<TokenizedExample> examples) {
        try (NDManager step = models.newStep()) {
            models.step().accumulate(step, examples);
            models.clip(step);
            models.update(step, 1);
        }
    }

    private static void report(long[] kilobytes, double[][] seconds) {
        int tenth = kilobytes.length / 10;
        double second = Arrays.stream(kilobytes, tenth, 2 * tenth).average().orElseThrow() / 1024;
        double last = Arrays.stream(kilobytes, kilobytes.length - tenth, kilobytes.length)
                        .average()
                        .orElseThrow()
                / 1024;
        System.out.printf("resident MB: second tenth %.1f, last tenth %.1f, ratio %.4f%n", second, last, last / second);
        for (double[] of : seconds) {
            double[] sorted = Arrays.stream(of, tenth, of.length).sorted().toArray();
            System.out.printf("median step %.1f ms%n", 1000 * sorted[sorted.length / 2]);
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private List<TokenizedExample> examples() {
        return Stream.generate(this::example).limit(number("lists", 2)).toList();
    }

    private TokenizedExample example() {
        int length = number("length", 8);
        List<Passage> passages = IntStream.range(0, length)
                .mapToObj(i -> new Passage(Integer.toString(random.nextInt()), "", ""))
                .toList();
        Example example =
                new Example(new Query("q", ""), passages, Set.of(passages.get(0).id()), true);
        return new TokenizedExample(example, sequence(4, 16), sequences(length, 10, 64), sequences(length, 14, 80));
    }

    private List<TokenIds> sequences(int count, int least, int most) {
        return Stream.generate(() -> sequence(least, most)).limit(count).toList();
    }

    private TokenIds sequence(int least, int most) {
        int length = least + random.nextInt(most - least + 1);
        return new TokenIds(random.ints(length, 5, VOCABULARY).toArray(), new int[length]);
    }

    private TrainingRecipe recipe() {
        TrainingRecipe paper = TrainingRecipe.paper();
        Joint joint = paper.joint();
        return new TrainingRecipe(
                1,
                paper.retrieverWarmUp(),
                paper.rerankerWarmUp(),
                new Joint(
                        0,
                        joint.lists(),
                        joint.listLength(),
                        joint.retrieverRate(),
                        joint.rerankerRate(),
                        joint.schedule(),
                        joint.distillation(),
                        true,
                        false,
                        1,
                        number("in-batch", 0)),
                paper.optimizer(),
                paper.replay(),
                paper.plateau(),
                number("budget", 32_768));
    }

    private Path initial(Path directory) throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        try (InputStream in = MemoryOverSteps.class.getResourceAsStream("/golden/tokenizer/tokenizer.json")) {
            Files.write(tokenizer, in.readAllBytes());
        }
        int hidden = number("hidden", 128);
        var architecture = new Architecture(hidden, number("layers", 2), hidden / 64, 4 * hidden, 512, 0.1, true);
        var encoding = new EncodingConfig(16, 64, 80, Pooling.CLS, Similarity.DOT, 1);
        EncoderInit.random(directory.resolve("initial"), tokenizer, architecture, encoding, 1);
        return directory.resolve("initial");
    }

    private int number(String key, int otherwise) {
        return Integer.parseInt(text(key, Integer.toString(otherwise)));
    }

    private String text(String key, String otherwise) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(key + "="))
                .map(argument -> argument.substring(key.length() + 1))
                .findFirst()
                .orElse(otherwise);
    }
}
