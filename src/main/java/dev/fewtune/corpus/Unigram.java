package dev.fewtune.corpus;

import java.util.Arrays;

/** How surprising tokens are to one who knows nothing but how often each is asked for; one is added to each count. */
public final class Unigram {
    private final long[] counts;
    private final long total;

    /** @param counts of each token of a vocabulary */
    public Unigram(long[] counts) {
        this.counts = counts.clone();
        this.total = Arrays.stream(counts).sum() + counts.length;
    }

    /** The sum of -ln p in nats over the tokens of a target. */
    public double surprise(int[] target) {
        double sum = 0;
        for (int token : target) {
            if (token != Noised.NOTHING) {
                sum -= Math.log((counts[token] + 1.0) / total);
            }
        }
        return sum;
    }
}
