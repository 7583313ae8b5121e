package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/**
 * Adafactor (Shazeer, Stern, arXiv 1804.04235) without a first moment, with the numbers of Transformers: the second moment
 * of a matrix is kept as its row and column means, and an update whose root mean square exceeds the threshold is scaled
 * down to it.
 */
final class Adafactor<T extends TFloating> implements Rule<T> {
    /** Added to squared gradients. */
    private static final double SMALLEST_SQUARE = 1e-30;

    private static final double FORGETTING = -0.8;

    private final Class<T> type;
    private final Moments<T> moments;
    private final boolean scaled;
    private final double threshold;
    private final Operand<T> kept;
    private final Operand<T> taken;

    /**
     * @param scaled whether the rate is multiplied by the root mean square of the variable
     * @param threshold of the root mean square of an update
     */
    Adafactor(Ops tf, Class<T> type, Moments<T> moments, boolean scaled, double threshold) {
        this.type = type;
        this.moments = moments;
        this.scaled = scaled;
        this.threshold = threshold;
        this.kept = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
        this.taken = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
    }

    @Override
    public Op update(Ops tf, Variable<T> variable, Operand<T> gradient, Operand<T> rate, double decay) {
        Operand<T> squared = tf.math.add(tf.math.square(gradient), tf.constant(type, SMALLEST_SQUARE));
        Operand<T> inverse =
                variable.shape().length > 1 ? factored(tf, variable, squared) : whole(tf, variable, squared);
        Operand<T> update = tf.math.mul(inverse, gradient);
        Operand<T> excess = tf.math.div(Magnitude.of(tf, update), tf.constant(type, threshold));
        update = tf.math.div(update, tf.math.maximum(excess, tf.constant(type, 1.0)));
        Operand<T> here = scaled ? Magnitude.scaled(tf, type, rate, variable.value()) : rate;
        Operand<T> moved = tf.math.mul(update, here);
        if (decay > 0) {
            Operand<T> share = tf.math.mul(here, tf.constant(type, decay));
            moved = tf.math.add(moved, tf.math.mul(variable.value(), share));
        }
        return tf.assignSubVariableOp(variable.handle(), moved);
    }

    @Override
    public void feed(Session.Runner runner, Tensors open, long step) {
        double forgotten = Math.pow(step + 1, FORGETTING);
        runner.feed(kept, open.add(Tensors.of(type, 1 - forgotten))).feed(taken, open.add(Tensors.of(type, forgotten)));
    }

    /** One over the root of the second moment, from its means over rows and over columns. */
    private Operand<T> factored(Ops tf, Variable<T> variable, Operand<T> squared) {
        long[] shape = variable.shape();
        int last = shape.length - 1;
        long[] columns = Arrays.copyOf(shape, last);
        columns[last - 1] = shape[last];
        Operand<T> row = mean(tf, variable, "row", Arrays.copyOf(shape, last), axis(tf, squared, last));
        Operand<T> column = mean(tf, variable, "column", columns, axis(tf, squared, last - 1));
        Operand<T> level = tf.math.mean(row, tf.constant(new int[] {last - 1}), Mean.keepDims(true));
        Operand<T> rows = tf.expandDims(tf.math.rsqrt(tf.math.div(row, level)), tf.constant(last));
        Operand<T> cols = tf.expandDims(tf.math.rsqrt(column), tf.constant(last - 1));
        return tf.math.mul(rows, cols);
    }

    private Operand<T> whole(Ops tf, Variable<T> variable, Operand<T> squared) {
        return tf.math.rsqrt(mean(tf, variable, "square", variable.shape(), squared));
    }

    /** The running mean after this step, which is also kept. */
    private Operand<T> mean(Ops tf, Variable<T> variable, String which, long[] shape, Operand<T> now) {
        Moments.Moment<T> moment = moments.add(variable.name() + ".adafactor_" + which, shape);
        Operand<T> next = tf.math.add(tf.math.mul(moment.value(), kept), tf.math.mul(now, taken));
        Op keep = tf.assignVariableOp(moment.handle(), next);
        return tf.withControlDependencies(List.of(keep)).identity(next);
    }

    private Operand<T> axis(Ops tf, Operand<T> squared, int axis) {
        return tf.math.mean(squared, tf.constant(new int[] {axis}));
    }
}
