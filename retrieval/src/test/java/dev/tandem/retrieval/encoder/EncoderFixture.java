package dev.tandem.retrieval.encoder;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small models and texts for the encoders' tests. */
final class EncoderFixture {
    static final Path TOKENIZER = Path.of("src/test/resources/golden/tokenizer/tokenizer.json");
    static final Path BERT = Path.of("src/test/resources/golden/init/query-encoder");
    static final Path FAMILIES = Path.of("src/test/resources/golden/families");
    static final EncodingConfig ENCODING = new EncodingConfig(16, 32, 48, Pooling.MEAN, Similarity.COSINE, 0.1);

    private static final String[] WORDS = ("returns the root schema of this connection or null where no implementation "
                    + "of distribution interpolator precondition was given before transactions synchronized")
            .split(" ", -1);

    private EncoderFixture() {}

    static Architecture architecture(boolean tied, double dropout) {
        return new Architecture(32, 2, 2, 64, 64, dropout, tied);
    }

    static Path random(Path directory, boolean tied) {
        EncoderInit.random(directory, TOKENIZER, architecture(tied, 0), ENCODING, 7);
        return directory;
    }

    /** Texts of 1 to 40 words. */
    static List<String> texts(int count, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.rangeClosed(0, random.nextInt(40))
                        .mapToObj(j -> WORDS[random.nextInt(WORDS.length)])
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    static List<Passage> passages(int count, long seed) {
        List<String> texts = texts(count, seed);
        return IntStream.range(0, count)
                .mapToObj(i -> new Passage("p" + i, WORDS[i % WORDS.length], texts.get(i)))
                .toList();
    }
}
