package dev.fewtune.train;

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
        Aim aim) {
    public TrainRequest {
        methodSettings = Map.copyOf(methodSettings);
        aim = aim == null ? Aim.head() : aim;
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
