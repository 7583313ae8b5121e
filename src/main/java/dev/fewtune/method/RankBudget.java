package dev.fewtune.method;

import dev.fewtune.graft.Step;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * How many directions AdaLoRA may have after a step. With F the first {@code free} share of all steps and L the last one,
 * both rounded down: all of them until step F; at step t after it target + (all - target) (1 - (t - F)/(T - L - F))³,
 * rounded down; from step T - L on, the target.
 *
 * @param places a scalar
 * @param learns whether the importance of each direction is still measured
 * @param chooses whether directions are chosen at this step
 * @param settled whether the last choice has been made before
 */
record RankBudget(Operand<TInt32> places, Operand<TBool> learns, Operand<TBool> chooses, Operand<TBool> settled) {
    /**
     * @param maps number of updated maps
     * @param rank of each at the start
     * @param target mean rank at the end
     */
    static RankBudget at(Step<?> step, int maps, int rank, int target, double free, double last, int interval) {
        Ops tf = step.tf();
        Operand<TFloat64> begin = tf.math.floor(tf.math.mul(step.total(), tf.constant(free)));
        Operand<TFloat64> tail = tf.math.floor(tf.math.mul(step.total(), tf.constant(last)));
        Operand<TFloat64> end = tf.math.sub(step.total(), tail);
        Operand<TFloat64> gone = tf.math.div(tf.math.sub(step.now(), begin), tf.math.sub(end, begin));
        Operand<TFloat64> left =
                tf.clipByValue(tf.math.sub(tf.constant(1.0), gone), tf.constant(0.0), tf.constant(1.0));
        Operand<TFloat64> cubed = tf.math.mul(tf.math.square(left), left);
        Operand<TFloat64> more = tf.math.mul(cubed, tf.constant((double) maps * (rank - target)));
        Operand<TInt32> places =
                tf.dtypes.cast(tf.math.floor(tf.math.add(more, tf.constant((double) maps * target))), TInt32.class);
        Operand<TBool> due =
                tf.math.equal(tf.math.floorMod(step.now(), tf.constant((double) interval)), tf.constant(0.0));
        Operand<TBool> between = tf.math.logicalAnd(tf.math.greater(step.now(), begin), tf.math.less(step.now(), end));
        return new RankBudget(
                places,
                tf.math.less(step.now(), end),
                tf.math.logicalOr(tf.math.logicalAnd(between, due), tf.math.equal(step.now(), end)),
                tf.math.greater(step.now(), end));
    }
}
