package dev.fewtune.leaderboard;

import java.util.OptionalDouble;

/**
 * What a row costs; absent where it was not measured.
 *
 * @param trainSeconds mean over seeds
 * @param trainExamplesPerSecond mean over seeds
 * @param inferenceExamplesPerSecond mean over seeds
 * @param peakMemoryBytes largest over seeds; 0 where unknown
 * @param adapterBytes largest over seeds; 0 where nothing is stored
 */
public record Costs(
        OptionalDouble trainSeconds,
        OptionalDouble trainExamplesPerSecond,
        OptionalDouble inferenceExamplesPerSecond,
        long peakMemoryBytes,
        long adapterBytes) {
    public static final Costs NONE =
            new Costs(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), 0, 0);
}
