package dev.fewtune.graft;

import java.util.Arrays;

/**
 * A tensor that an earlier step has made. Two are equal where their shapes and values are.
 *
 * @param values in row-major order
 */
public record Made(long[] shape, double[] values) {
    public Made {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "%s numbers are none of shape %s.".formatted(values.length, Arrays.toString(shape)));
        }
    }

    /** With zeros, where only the shape is known yet. */
    public static Made zeros(long... shape) {
        return new Made(shape, new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))]);
    }

    /** Sets a variable of the same shape to these values. */
    public Init init() {
        return (wanted, random, weights) -> {
            if (!Arrays.equals(wanted, shape)) {
                throw new IllegalArgumentException("A tensor of shape %s was made, and %s is asked for."
                        .formatted(Arrays.toString(shape), Arrays.toString(wanted)));
            }
            return values.clone();
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Made made && Arrays.equals(shape, made.shape) && Arrays.equals(values, made.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Made" + Arrays.toString(shape);
    }
}
