package dev.fewtune.train;

import dev.fewtune.spec.CellFailure;
import java.util.List;

/**
 * How to train, whatever the method.
 *
 * @param epochs most passes over train
 * @param batchSize most examples of a batch
 * @param learningRate peak; 0 stands for the method's own default
 * @param schedule linear, cosine or constant, after warm-up
 * @param warmup share of all steps, in [0, 1)
 * @param weightDecay decoupled, on matrices only
 * @param dropout of the backbone and the head, in [0, 1)
 * @param maxGradNorm global clipping norm; 0 for none
 * @param pooling cls, mean or last: the row or rows that the head reads
 * @param trainHead whether the head trains; false only in contract tests
 * @param checkpointEvery optimizer steps between checkpoints, besides the end of each epoch; 0 for none
 * @param optimizer adamw or adafactor
 * @param relativeStep whether Adafactor chooses the learning rate, min(0.01, 1/sqrt(step)), without a schedule
 * @param scaleParameter whether the rate grows with the root mean square of a variable
 * @param clipThreshold of the root mean square of an update of Adafactor
 * @param headRate peak learning rate of the head; 0 stands for that of all
 * @param normRate peak learning rate of norms that train beside a method's own variables; 0 stands for that of all
 * @param accumulate batches whose gradients make up one optimizer step
 * @param batchTokens most tokens of a batch, padding included; 0 for no such limit
 * @param backboneDropout whether the dropout acts inside the backbone too
 * @param labelSmoothing share of the target that is spread over all classes, in [0, 1)
 * @param patience epochs without a better score after which training ends; 0 for never
 * @param precision of matrices and their products: f32 or bf16
 * @param keepStates whether states of layers that do not change may be kept and found again, on disk
 */
public record TrainSettings(
        int epochs,
        int batchSize,
        double learningRate,
        String schedule,
        double warmup,
        double weightDecay,
        double dropout,
        double maxGradNorm,
        String pooling,
        boolean trainHead,
        int checkpointEvery,
        String optimizer,
        boolean relativeStep,
        boolean scaleParameter,
        double clipThreshold,
        double headRate,
        double normRate,
        int accumulate,
        int batchTokens,
        boolean backboneDropout,
        double labelSmoothing,
        int patience,
        String precision,
        boolean keepStates) {
    public static final List<String> OPTIMIZERS = List.of("adamw", "adafactor");
    public static final List<String> PRECISIONS = List.of("f32", "bf16");
    public static final List<String> SCHEDULES = List.of("linear", "cosine", "constant");

    /** The peak where Adafactor chooses the learning rate. */
    private static final double RELATIVE_PEAK = 1e-2;

    /** @throws CellFailure with cause YOURS for values that no training can have */
    public TrainSettings {
        require(epochs >= 1, "epochs", epochs, "at least 1");
        require(batchSize >= 1, "batch_size", batchSize, "at least 1");
        require(accumulate >= 1, "accumulate", accumulate, "at least 1");
        require(batchTokens >= 0, "batch_tokens", batchTokens, "at least 0");
        require(patience >= 0, "patience", patience, "at least 0");
        require(labelSmoothing >= 0 && labelSmoothing < 1, "label_smoothing", labelSmoothing, "in [0, 1)");
        require(clipThreshold > 0, "clip_threshold", clipThreshold, "above 0");
        require(headRate >= 0, "head_lr", headRate, "at least 0");
        require(normRate >= 0, "norm_lr", normRate, "at least 0");
        requireOneOf(OPTIMIZERS, "optimizer", optimizer);
        requireOneOf(PRECISIONS, "precision", precision);
        requireOneOf(SCHEDULES, "schedule", schedule);
        if (relativeStep && (learningRate > 0 || headRate > 0 || normRate > 0)) {
            throw CellFailure.yours(
                    "lr (%s), head_lr (%s) and norm_lr (%s) have no effect with relative_step, which chooses the "
                            + "learning rate. Maybe relative_step: false.",
                    learningRate, headRate, normRate);
        }
        if (relativeStep && optimizer.equals("adamw")) {
            throw CellFailure.yours("relative_step (true) belongs to adafactor. Maybe optimizer: adafactor.");
        }
    }

    /** AdamW in float32, one batch a step, and nothing else out of the ordinary. */
    public TrainSettings(
            int epochs,
            int batchSize,
            double learningRate,
            String schedule,
            double warmup,
            double weightDecay,
            double dropout,
            double maxGradNorm,
            String pooling,
            boolean trainHead,
            int checkpointEvery) {
        this(
                epochs,
                batchSize,
                learningRate,
                schedule,
                warmup,
                weightDecay,
                dropout,
                maxGradNorm,
                pooling,
                trainHead,
                checkpointEvery,
                "adamw",
                false,
                false,
                1,
                0,
                0,
                1,
                0,
                true,
                0,
                0,
                "f32",
                false);
    }

    /** The same with another number of epochs. */
    TrainSettings epochs(int other) {
        return new TrainSettings(
                other,
                batchSize,
                learningRate,
                schedule,
                warmup,
                weightDecay,
                dropout,
                maxGradNorm,
                pooling,
                trainHead,
                checkpointEvery,
                optimizer,
                relativeStep,
                scaleParameter,
                clipThreshold,
                headRate,
                normRate,
                accumulate,
                batchTokens,
                backboneDropout,
                labelSmoothing,
                patience,
                precision,
                keepStates);
    }

    /** @param ofMethod the learning rate that the method has where none is given */
    double peakRate(double ofMethod) {
        if (relativeStep) {
            return RELATIVE_PEAK;
        }
        return learningRate > 0 ? learningRate : ofMethod;
    }

    /** @param ofMethod as above */
    Schedule schedule(double ofMethod, long steps) {
        return new Schedule(relativeStep ? Schedule.RELATIVE : schedule, peakRate(ofMethod), warmup, steps);
    }

    /** @param ofMethod as above */
    Optimizing optimizing(double ofMethod) {
        double peak = peakRate(ofMethod);
        return new Optimizing(
                weightDecay,
                maxGradNorm,
                accumulate,
                headRate > 0 ? headRate / peak : 1,
                normRate > 0 ? normRate / peak : 1,
                optimizer.equals("adamw") ? null : new Optimizing.Factored(scaleParameter, clipThreshold),
                scaleParameter);
    }

    private static void require(boolean sound, String name, Object value, String must) {
        if (!sound) {
            throw CellFailure.yours("%s (%s) must be %s.", name, value, must);
        }
    }

    private static void requireOneOf(List<String> known, String name, String value) {
        require(known.contains(value), name, value, "one of " + String.join(", ", known));
    }
}
