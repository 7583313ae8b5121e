package dev.fewtune.train;

import dev.fewtune.graft.Share;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * How gradients move what trains.
 *
 * @param weightDecay decoupled; 0 for none
 * @param maxNorm of all gradients together; 0 for no clipping
 * @param batches most batches that make up a step
 * @param headRate multiplies the learning rate of the head
 * @param normRate multiplies the learning rate of norms that train beside a method's own variables
 * @param adafactor null for AdamW
 * @param scaled whether the rate of AdamW grows with the root mean square of a variable
 */
record Optimizing(
        double weightDecay,
        double maxNorm,
        int batches,
        double headRate,
        double normRate,
        Factored adafactor,
        boolean scaled) {
    /**
     * What is particular to Adafactor.
     *
     * @param scaled whether the rate grows with the root mean square of a variable
     * @param threshold of the root mean square of an update
     */
    record Factored(boolean scaled, double threshold) {}

    /** Where AdamW's rate does not depend on what it moves. */
    Optimizing(double weightDecay, double maxNorm, int batches, double headRate, double normRate, Factored adafactor) {
        this(weightDecay, maxNorm, batches, headRate, normRate, adafactor, false);
    }

    /** AdamW with one rate and one batch a step. */
    Optimizing(double weightDecay, double maxNorm) {
        this(weightDecay, maxNorm, 1, 1, 1, null);
    }

    <T extends TFloating> Rule<T> rule(Ops tf, Class<T> type, Moments<T> moments) {
        return adafactor == null
                ? new AdamW<>(tf, type, moments, scaled)
                : new Adafactor<>(tf, type, moments, adafactor.scaled(), adafactor.threshold());
    }

    double groupRate(Share share) {
        return switch (share) {
            case HEAD -> headRate;
            case NORMS -> normRate;
            case METHOD, FROZEN, HELD -> 1;
        };
    }
}
