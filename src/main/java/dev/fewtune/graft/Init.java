package dev.fewtune.graft;

import dev.fewtune.spec.KeyedRandom;
import java.util.Arrays;

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

    private static double[] draw(long[] shape, java.util.function.DoubleSupplier next) {
        double[] values = new double[size(shape)];
        Arrays.setAll(values, i -> next.getAsDouble());
        return values;
    }

    private static int size(long[] shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
}
