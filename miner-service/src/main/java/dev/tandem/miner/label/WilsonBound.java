package dev.tandem.miner.label;

/** Lower end of the score interval of a share (Wilson, JASA 1927), one-sided. */
final class WilsonBound {
    private WilsonBound() {}

    /**
     * The share that is exceeded with the confidence of {@code z}.
     *
     * @param successes 0 to {@code trials}
     * @param trials 1 and above
     * @param z quantile of the standard normal distribution
     */
    static double lower(int successes, int trials, double z) {
        double share = (double) successes / trials;
        double z2 = z * z / trials;
        double spread = z * Math.sqrt((share * (1 - share) + z2 / 4) / trials);
        return Math.max(0, (share + z2 / 2 - spread) / (1 + z2));
    }

    /**
     * Quantile of the standard normal distribution, to 0.0005 (Abramowitz and Stegun, 1964, 26.2.23).
     *
     * @param confidence 0.5 to below 1
     */
    static double quantile(double confidence) {
        double t = Math.sqrt(-2 * Math.log(1 - confidence));
        return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    }
}
