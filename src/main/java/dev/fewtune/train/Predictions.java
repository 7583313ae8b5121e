package dev.fewtune.train;

/**
 * What a network answers.
 *
 * @param outputs one row per example, in the order of the split: a logit per class, or one number
 * @param examplesPerSecond without building the graph and without the first batch
 */
public record Predictions(double[][] outputs, double examplesPerSecond) {
    /** The class with the largest logit, or the number itself. */
    public double[] answers(boolean regression) {
        double[] answers = new double[outputs.length];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = regression ? outputs[i][0] : largest(outputs[i]);
        }
        return answers;
    }

    private static int largest(double[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
