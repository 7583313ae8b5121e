package dev.fewtune.corpus;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** How surprising words are to one who knows nothing but how often each stands in the text; one is added to each count. */
public final class Unigram {
    private final long[] counts;
    private final long total;

    /** @param counts of each token of a vocabulary */
    public Unigram(long[] counts) {
        this.counts = counts.clone();
        this.total = Arrays.stream(counts).sum() + counts.length;
    }

    /** The sum of -ln p in nats over the tokens that are asked for. */
    public double surprise(int[] tokens, IntPredicate asked) {
        double sum = 0;
        for (int token : tokens) {
            if (token >= 0 && asked.test(token)) {
                sum -= Math.log((counts[token] + 1.0) / total);
            }
        }
        return sum;
    }
}
