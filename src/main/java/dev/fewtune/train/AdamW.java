package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/**
 * Adam (Kingma, Ba, arXiv 1412.6980) with decoupled weight decay (Loshchilov, Hutter, arXiv 1711.05101), with the numbers
 * of PyTorch. TensorFlow's kernel takes its epsilon before the correction of the second moment, so it is fed corrected.
 */
final class AdamW<T extends TFloating> implements Rule<T> {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final Class<T> type;
    private final Moments<T> moments;
    private final boolean scaled;
    private final Operand<T> power1;
    private final Operand<T> power2;
    private final Operand<T> epsilon;

    /** @param scaled whether the rate is multiplied by the root mean square of the variable, as Adafactor can */
    AdamW(Ops tf, Class<T> type, Moments<T> moments, boolean scaled) {
        this.type = type;
        this.moments = moments;
        this.scaled = scaled;
        this.power1 = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
        this.power2 = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
        this.epsilon = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
    }

    @Override
    public Op update(Ops tf, Variable<T> variable, Operand<T> gradient, Operand<T> rate, double decay) {
        Moments.Moment<T> first = moments.add(variable.name() + ".adam_first", variable.shape());
        Moments.Moment<T> second = moments.add(variable.name() + ".adam_second", variable.shape());
        Operand<T> here = scaled ? Magnitude.scaled(tf, type, rate, variable.value()) : rate;
        Ops next = tf;
        if (decay > 0) {
            Operand<T> lost = tf.math.mul(variable.value(), tf.math.mul(here, tf.constant(type, decay)));
            next = tf.withControlDependencies(tf.assignSubVariableOp(variable.handle(), lost));
        }
        return next.train.resourceApplyAdam(
                variable.handle(),
                first.handle(),
                second.handle(),
                power1,
                power2,
                here,
                tf.constant(type, BETA1),
                tf.constant(type, BETA2),
                epsilon,
                gradient);
    }

    @Override
    public void feed(Session.Runner runner, Tensors open, long step) {
        double left = Math.pow(BETA2, step + 1);
        runner.feed(power1, open.add(Tensors.of(type, Math.pow(BETA1, step + 1))))
                .feed(power2, open.add(Tensors.of(type, left)))
                .feed(epsilon, open.add(Tensors.of(type, EPSILON * Math.sqrt(1 - left))));
    }
}
