package dev.fewtune.train;

import dev.fewtune.graft.Made;
import java.util.List;

/** How alike two prompts are (Vu et al., arXiv 2110.07904, section 3.1). */
public final class Similarity {
    /** The cosine of the means of their rows. */
    public static final String MEANS = "means";
    /** The mean cosine of all pairs of their rows. */
    public static final String PAIRS = "pairs";

    public static final List<String> KINDS = List.of(MEANS, PAIRS);

    private Similarity() {}

    /**
     * In [-1, 1].
     *
     * @param one [length, width]
     * @param other [length, width]; the lengths may differ
     */
    public static double of(String kind, Made one, Made other) {
        return kind.equals(PAIRS) ? pairs(one, other) : cosine(mean(one), mean(other));
    }

    private static double[] mean(Made rows) {
        int length = (int) rows.shape()[0];
        int width = (int) rows.shape()[1];
        double[] mean = new double[width];
        for (int i = 0; i < rows.values().length; i++) {
            mean[i % width] += rows.values()[i] / length;
        }
        return mean;
    }

    /** The cosine of two rows is the product of their directions, so that the mean of all is that of the mean directions. */
    private static double pairs(Made one, Made other) {
        return product(mean(directions(one)), mean(directions(other)));
    }

    private static Made directions(Made rows) {
        int width = (int) rows.shape()[1];
        double[] values = rows.values().clone();
        for (int from = 0; from < values.length; from += width) {
            double[] row = java.util.Arrays.copyOfRange(values, from, from + width);
            double length = Math.sqrt(product(row, row));
            for (int i = 0; i < width && length > 0; i++) {
                values[from + i] /= length;
            }
        }
        return new Made(rows.shape(), values);
    }

    /** 0 where one of them is zero. */
    private static double cosine(double[] one, double[] other) {
        double lengths = Math.sqrt(product(one, one) * product(other, other));
        return lengths == 0 ? 0 : product(one, other) / lengths;
    }

    private static double product(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
