package dev.fewtune.train;

import java.util.List;

/**
 * What a training leaves, besides {@code adapter.safetensors} in its output folder.
 *
 * @param notApplicable why the method cannot train on this backbone, or null; then all else is zero
 * @param methodParameters trained parameters that are the method's own
 * @param normParameters trained layer norms, where they are not the method's own
 * @param headParameters trained parameters of the head
 * @param learningRate the peak that was used
 * @param bestEpoch from 1
 * @param trainSeconds wall time of the optimizer steps, without graph building and validation
 * @param examplesPerSecond of training, padding not counted
 * @param peakMemoryBytes largest resident set of the process seen during the training
 * @param adapterBytes size of adapter.safetensors
 * @param paddingShare padded token slots over all token slots of training
 * @param curve one point per epoch
 */
public record TrainResult(
        String notApplicable,
        long methodParameters,
        long normParameters,
        long headParameters,
        double learningRate,
        int bestEpoch,
        int steps,
        double trainSeconds,
        double examplesPerSecond,
        long peakMemoryBytes,
        long adapterBytes,
        double paddingShare,
        List<Point> curve) {
    /**
     * @param trainLoss mean over the epoch
     * @param score the selecting metric on validation
     */
    public record Point(int epoch, double trainLoss, double validationLoss, double score) {}

    public TrainResult {
        curve = List.copyOf(curve);
    }

    /** The highest score on validation. */
    public double bestScore() {
        return curve.stream()
                .filter(point -> point.epoch() == bestEpoch)
                .mapToDouble(Point::score)
                .findFirst()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    /** The same with other counts. */
    public TrainResult counting(long method, long norms, long head) {
        return new TrainResult(
                notApplicable,
                method,
                norms,
                head,
                learningRate,
                bestEpoch,
                steps,
                trainSeconds,
                examplesPerSecond,
                peakMemoryBytes,
                adapterBytes,
                paddingShare,
                curve);
    }

    /** The same, with what other trainings of the same search have cost. */
    TrainResult andCost(int moreSteps, double moreSeconds) {
        return new TrainResult(
                notApplicable,
                methodParameters,
                normParameters,
                headParameters,
                learningRate,
                bestEpoch,
                steps + moreSteps,
                trainSeconds + moreSeconds,
                examplesPerSecond,
                peakMemoryBytes,
                adapterBytes,
                paddingShare,
                curve);
    }
}
