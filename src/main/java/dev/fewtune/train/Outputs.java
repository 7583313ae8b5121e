package dev.fewtune.train;

import java.util.Arrays;

/** What the head's outputs mean. */
public final class Outputs {
    private Outputs() {}

    /** The most likely class of each row, or the value of a regression. */
    public static double[] predictions(double[][] outputs, boolean regression) {
        return Arrays.stream(outputs)
                .mapToDouble(row -> regression ? row[0] : largest(row))
                .toArray();
    }

    /** Mean cross entropy or mean squared error. */
    static double loss(double[][] outputs, double[] targets, boolean regression) {
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            sum += regression
                    ? (outputs[i][0] - targets[i]) * (outputs[i][0] - targets[i])
                    : crossEntropy(outputs[i], (int) targets[i]);
        }
        return sum / targets.length;
    }

    private static double crossEntropy(double[] row, int target) {
        double largest = row[largest(row)];
        double sum = Arrays.stream(row).map(value -> Math.exp(value - largest)).sum();
        return Math.log(sum) + largest - row[target];
    }

    private static int largest(double[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }
}
