package dev.fewtune.graft;

import dev.fewtune.spec.KeyedRandom;
import java.util.Arrays;
import java.util.List;

/** Values of a variable before the first step, computed on the host so that they depend on seed and name alone. */
@FunctionalInterface
public interface Init {
    /**
     * @param shape of the variable
     * @return the values in row-major order
     */
    double[] values(long[] shape, KeyedRandom random, Weights weights);

    static Init constant(double value) {
        return (shape, random, weights) -> {
            double[] values = new double[size(shape)];
            Arrays.fill(values, value);
            return values;
        };
    }

    static Init zeros() {
        return constant(0);
    }

    /** Uniform in [-bound, bound). */
    static Init uniform(double bound) {
        return (shape, random, weights) -> draw(shape, () -> bound * (2 * random.nextDouble() - 1));
    }

    static Init normal(double deviation) {
        return (shape, random, weights) -> draw(shape, () -> deviation * random.nextGaussian());
    }

    /** Normal, drawn again where it lies more than two deviations from 0. */
    static Init truncatedNormal(double deviation) {
        return (shape, random, weights) -> draw(shape, () -> {
            double value = random.nextGaussian();
            while (Math.abs(value) > 2) {
                value = random.nextGaussian();
            }
            return deviation * value;
        });
    }

    /** Orthogonal columns of length 1, or rows where there are more columns; the signs are random, too. */
    static Init orthogonal() {
        return (shape, random, weights) -> {
            int rows = Math.toIntExact(shape[0]);
            int columns = Math.toIntExact(shape[1]);
            int longer = Math.max(rows, columns);
            double[][] vectors = new double[Math.min(rows, columns)][longer];
            for (int i = 0; i < vectors.length; i++) {
                Arrays.setAll(vectors[i], place -> random.nextGaussian());
                orthogonalize(vectors, i);
            }
            double[] values = new double[size(shape)];
            Arrays.setAll(
                    values,
                    k -> rows >= columns ? vectors[k % columns][k / columns] : vectors[k / columns][k % columns]);
            return values;
        };
    }

    /** Copies distinct random rows out of the first {@code limit} rows of a pretrained table. */
    static Init rows(String table, int limit) {
        return (shape, random, weights) -> {
            int width = Math.toIntExact(shape[1]);
            int known = (int) Math.min(limit, weights.shape(table)[0]);
            int[] order = random.permutation(known);
            double[] values = new double[size(shape)];
            for (int row = 0; row < shape[0]; row++) {
                System.arraycopy(weights.row(table, order[row % known]), 0, values, row * width, width);
            }
            return values;
        };
    }

    /** Copies the rows of the tokens of a text, its special ones included, from the first one again where they are few. */
    static Init text(String table, String text) {
        return (shape, random, weights) -> {
            int width = Math.toIntExact(shape[1]);
            int[] tokens = weights.tokens(text, true);
            double[] values = new double[size(shape)];
            for (int row = 0; row < shape[0]; row++) {
                System.arraycopy(weights.row(table, tokens[row % tokens.length]), 0, values, row * width, width);
            }
            return values;
        };
    }

    /**
     * The mean row of each label's tokens, and rows as {@link #rows} gives them after the labels.
     *
     * @param labels not more than there are rows
     */
    static Init labels(String table, List<String> labels, int limit) {
        return (shape, random, weights) -> {
            int width = Math.toIntExact(shape[1]);
            double[] values = rows(table, limit).values(shape, random, weights);
            for (int label = 0; label < labels.size(); label++) {
                int[] tokens = weights.tokens(labels.get(label), false);
                double[] sum = new double[width];
                for (int token : tokens) {
                    double[] row = weights.row(table, token);
                    Arrays.setAll(sum, i -> sum[i] + row[i] / tokens.length);
                }
                System.arraycopy(sum, 0, values, label * width, width);
            }
            return values;
        };
    }

    /** By Gram and Schmidt, twice, because once leaves rounding behind. */
    private static void orthogonalize(double[][] vectors, int last) {
        double[] vector = vectors[last];
        for (int turn = 0; turn < 2; turn++) {
            for (int before = 0; before < last; before++) {
                double[] other = vectors[before];
                double product = dot(vector, other);
                Arrays.setAll(vector, i -> vector[i] - product * other[i]);
            }
            double length = Math.sqrt(dot(vector, vector));
            Arrays.setAll(vector, i -> vector[i] / length);
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] draw(long[] shape, java.util.function.DoubleSupplier next) {
        double[] values = new double[size(shape)];
        Arrays.setAll(values, i -> next.getAsDouble());
        return values;
    }

    private static int size(long[] shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
}
