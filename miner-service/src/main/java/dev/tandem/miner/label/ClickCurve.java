package dev.tandem.miner.label;

/**
 * Clicks that a rank alone predicts, whatever stands there: {@code top} · rank<sup>−{@code decay}</sup>.
 *
 * <p>That attention falls with a power of the rank is the model of Joachims, Swaminathan and Schnabel (WSDM 2017). The curve
 * is set and not learned while the stream runs: a label then follows from the feedback alone, in whatever order it comes.
 *
 * @param top clicks per impression at rank 1, above 0 to 1
 * @param decay how fast they fall with the rank, 0 and above
 */
public record ClickCurve(double top, double decay) {
    public ClickCurve {
        if (!(top > 0 && top <= 1)) {
            throw new IllegalArgumentException(
                    "Expected above 0 to 1 click per impression at the top, got %s; check miner.clicks.rate-at-top"
                            .formatted(top));
        }
        if (!(decay >= 0 && decay <= 10)) {
            throw new IllegalArgumentException(
                    "Expected clicks to fall with a power of the rank from 0 to 10, got %s; check miner.clicks.rank-decay"
                            .formatted(decay));
        }
    }

    /** Clicks expected of one impression. */
    public double expected(int rank) {
        return top * Math.pow(rank, -decay);
    }
}
