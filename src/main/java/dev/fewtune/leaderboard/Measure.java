package dev.fewtune.leaderboard;

import java.util.Set;

/**
 * How a metric is read.
 *
 * @param factor from a score to what people read: 100 for shares and correlations, 1 for errors
 * @param lowerIsBetter whether the best score is the smallest
 */
record Measure(double factor, boolean lowerIsBetter) {
    private static final Set<String> ERRORS = Set.of("mse");
    private static final Set<String> OF_NUMBERS = Set.of("pearson", "spearman", "mse");
    private static final Set<String> SHARES = Set.of("accuracy");

    static Measure of(String metric) {
        return ERRORS.contains(metric) ? new Measure(1, true) : new Measure(100, false);
    }

    /** What the row is called that gives one answer for all. */
    static String constant(String metric) {
        return OF_NUMBERS.contains(metric) ? "mean of train" : "majority";
    }

    /** Whether one score is a share of right answers, so that its error follows from the size of test. */
    static boolean isShare(String metric) {
        return SHARES.contains(metric);
    }

    /** Sorts the best first. */
    double rank(double score) {
        return lowerIsBetter ? score : -score;
    }
}
