package dev.fewtune.train;

import java.util.List;
import java.util.Map;

/**
 * One training, as plain data.
 *
 * @param backbone identifier, such as minilm-l6
 * @param method identifier, such as lora
 * @param methodSettings the method's own settings, as given
 * @param classes number of classes; 1 for a regression
 * @param regression whether the target is a number (mean squared error) instead of a class (cross entropy)
 * @param metric name in {@code task.Metrics} by which the best epoch is chosen on validation
 * @param training see {@link TrainSettings}
 * @param aim what the network is asked for
 * @param beside what earlier steps have learned, and other tasks
 */
public record TrainRequest(
        String backbone,
        String method,
        Map<String, Object> methodSettings,
        int classes,
        boolean regression,
        String metric,
        TrainSettings training,
        long seed,
        Aim aim,
        Beside beside) {
    public TrainRequest {
        methodSettings = Map.copyOf(methodSettings);
        aim = aim == null ? Aim.head() : aim;
        beside = beside == null ? Beside.NOTHING : beside;
    }

    /** With nothing beside its task. */
    public TrainRequest(
            String backbone,
            String method,
            Map<String, Object> methodSettings,
            int classes,
            boolean regression,
            String metric,
            TrainSettings training,
            long seed,
            Aim aim) {
        this(backbone, method, methodSettings, classes, regression, metric, training, seed, aim, Beside.NOTHING);
    }

    /** The same with something beside it. */
    public TrainRequest beside(Beside other) {
        return new TrainRequest(
                backbone, method, methodSettings, classes, regression, metric, training, seed, aim, other);
    }

    /** The same, given what earlier steps have learned. */
    public TrainRequest given(List<Learned> learned) {
        return beside(beside.with(learned.stream().map(Learned::gift).toList()));
    }

    /** The same by another method. */
    TrainRequest by(String other, Map<String, Object> settings) {
        return new TrainRequest(backbone, other, settings, classes, regression, metric, training, seed, aim, beside);
    }

    /** The same with another number of epochs. */
    TrainRequest epochs(int other) {
        return new TrainRequest(
                backbone,
                method,
                methodSettings,
                classes,
                regression,
                metric,
                training.epochs(other),
                seed,
                aim,
                beside);
    }

    /** With a new head. */
    public TrainRequest(
            String backbone,
            String method,
            Map<String, Object> methodSettings,
            int classes,
            boolean regression,
            String metric,
            TrainSettings training,
            long seed) {
        this(backbone, method, methodSettings, classes, regression, metric, training, seed, Aim.head());
    }
}
