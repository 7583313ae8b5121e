package dev.fewtune.leaderboard;

import java.util.List;
import java.util.Map;

/**
 * One evaluated training; never changed, only added. Kept as {@code score.json} in the artifact of an evaluate cell and
 * as a row.
 *
 * @param variant the row's name on the board: the method's identifier or the name of a variant
 * @param control whether this row is a control (head-only, or the linear classifier on TF-IDF)
 * @param split the split that was scored, such as test
 * @param value of the metric, in [0, 1] for shares
 * @param metrics every metric by name
 * @param testSize number of examples scored
 * @param majority score of always answering the most frequent class of train; NaN for a regression
 * @param comparability hash of all that is not the method: rows with different hashes are never compared
 * @param peakMemoryBytes of the training
 * @param adapterBytes on disk
 * @param curve scores on validation by epoch
 * @param notes such as "12 of 1,500 texts were cut to 64 tokens"
 * @param notApplicable why there is no score, or null
 * @param cached whether the times were measured in an earlier run
 */
public record Score(
        String backbone,
        String task,
        String variant,
        String method,
        boolean control,
        long seed,
        String split,
        String metric,
        double value,
        Map<String, Double> metrics,
        int trainSize,
        int validationSize,
        int testSize,
        double majority,
        String comparability,
        long methodParameters,
        long normParameters,
        long headParameters,
        double learningRate,
        double trainSeconds,
        double trainExamplesPerSecond,
        double inferenceExamplesPerSecond,
        long peakMemoryBytes,
        long adapterBytes,
        List<Double> curve,
        List<String> notes,
        String notApplicable,
        boolean cached) {
    public Score {
        metrics = Map.copyOf(metrics);
        curve = List.copyOf(curve);
        notes = List.copyOf(notes);
    }
}
