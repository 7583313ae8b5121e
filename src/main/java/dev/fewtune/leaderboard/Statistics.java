package dev.fewtune.leaderboard;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.StatUtils;

/** Statistics that are absent, never NaN, where they are not defined. */
final class Statistics {
    private Statistics() {}

    /** Of the finite ones among the values. */
    static OptionalDouble mean(double... values) {
        return Arrays.stream(values).filter(Double::isFinite).average();
    }

    /** Sample standard deviation (n - 1 below the line). */
    static OptionalDouble standardDeviation(double... values) {
        return values.length < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(StatUtils.variance(values)));
    }

    static OptionalDouble standardErrorOfMean(double... values) {
        OptionalDouble deviation = standardDeviation(values);
        return deviation.isEmpty() ? deviation : OptionalDouble.of(deviation.getAsDouble() / Math.sqrt(values.length));
    }

    /** Of a share {@code p} that was found on {@code n} examples: sqrt(p(1-p)/n). */
    static OptionalDouble standardErrorOfShare(double p, int n) {
        return n < 1 || !(p >= 0 && p <= 1) ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(p * (1 - p) / n));
    }
}
