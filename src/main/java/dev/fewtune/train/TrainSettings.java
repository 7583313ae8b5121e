package dev.fewtune.train;

/**
 * How to train, whatever the method.
 *
 * @param epochs passes over train
 * @param batchSize examples per optimizer step
 * @param learningRate peak; 0 stands for the method's own default
 * @param schedule linear, cosine or constant, after warm-up
 * @param warmup share of all steps, in [0, 1)
 * @param weightDecay decoupled, on matrices only
 * @param dropout of the backbone and the head, in [0, 1)
 * @param maxGradNorm global clipping norm; 0 for none
 * @param pooling cls, mean or last: the row or rows that the head reads
 * @param trainHead whether the head trains; false only in contract tests
 * @param checkpointEvery optimizer steps between checkpoints, besides the end of each epoch; 0 for none
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
        int checkpointEvery) {}
