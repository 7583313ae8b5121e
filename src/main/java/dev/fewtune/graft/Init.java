package dev.fewtune.graft;

import dev.fewtune.spec.KeyedRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/** First values of a new variable, in row-major order. */
@FunctionalInterface
public interface Init {
    /** @param random keyed by the training's seed and the variable's name */
    double[] values(int size, KeyedRandom random, Pretrained pretrained);

    static Init zeros() {
        return (size, random, pretrained) -> new double[size];
    }

    static Init normal(double deviation) {
        return (size, random, pretrained) -> IntStream.range(0, size)
                .mapToDouble(i -> deviation * random.nextGaussian())
                .toArray();
    }

    /** Normal, drawn again where it lies beyond two deviations. */
    static Init truncatedNormal(double deviation) {
        return (size, random, pretrained) -> IntStream.range(0, size)
                .mapToDouble(i -> {
                    double value = random.nextGaussian();
                    while (Math.abs(value) > 2) {
                        value = random.nextGaussian();
                    }
                    return deviation * value;
                })
                .toArray();
    }

    /** Uniform in [-bound, bound). */
    static Init uniform(double bound) {
        return (size, random, pretrained) -> IntStream.range(0, size)
                .mapToDouble(i -> bound * (2 * random.nextDouble() - 1))
                .toArray();
    }

    /**
     * Rows of a pretrained table, drawn without replacement from its first rows.
     *
     * @param table name of a [rows, width] tensor
     * @param first how many of the leading rows are drawn from, at most all
     */
    static Init sampledRows(String table, int first, int width) {
        return (size, random, pretrained) -> {
            double[] all = pretrained.values(table);
            int[] order = random.permutation(Math.min(first, all.length / width));
            double[] values = new double[size];
            for (int row = 0; row < size / width; row++) {
                int from = order[row % order.length] * width;
                System.arraycopy(Arrays.copyOfRange(all, from, from + width), 0, values, row * width, width);
            }
            return values;
        };
    }
}
