package dev.fewtune.leaderboard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One evaluated training; never changed, only added. Kept as {@code score.json} in the artifact of an evaluate cell and
 * as a row.
 *
 * @param variant the row's name on the board: the method's identifier or the name of a variant
 * @param settings the method's own, as the workflow gave them
 * @param axes values of the matrix by axis, besides method, task, seed and split
 * @param control whether this row is a control (head-only, or the linear classifier on TF-IDF)
 * @param split the split that was scored, such as test
 * @param value of the metric, in [0, 1] for shares
 * @param metrics every metric by name
 * @param testSize number of examples scored
 * @param majority score, in the same metric, of one answer for all: the most frequent class of train, or the mean of its
 *     numbers; NaN where nothing was scored, or where the labels are texts
 * @param comparability hash of all that is not the method: rows with different hashes are never compared
 * @param dataHash SHA-256 of the texts and labels that were scored
 * @param peakMemoryBytes of the training
 * @param adapterBytes on disk
 * @param paddingShare padded token slots over all token slots of the training
 * @param curve scores on validation by epoch
 * @param notes such as "12 of 1,500 texts were cut to 64 tokens"
 * @param notApplicable why there is no score, or null
 * @param cached whether the times were measured in an earlier run
 * @param trainedOn where the training ran; null where it is not known
 * @param scoredOn where the score was made; null where it is not known
 */
public record Score(
        String backbone,
        String task,
        String variant,
        String method,
        Map<String, Object> settings,
        Map<String, String> axes,
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
        String dataHash,
        long methodParameters,
        long normParameters,
        long headParameters,
        double learningRate,
        double trainSeconds,
        double trainExamplesPerSecond,
        double inferenceExamplesPerSecond,
        long peakMemoryBytes,
        long adapterBytes,
        double paddingShare,
        List<Double> curve,
        List<String> notes,
        String notApplicable,
        boolean cached,
        Origin trainedOn,
        Origin scoredOn) {
    public Score {
        settings = settings == null ? Map.of() : Map.copyOf(settings);
        axes = axes == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(axes));
        metrics = Map.copyOf(metrics);
        curve = List.copyOf(curve);
        notes = List.copyOf(notes);
    }
}
