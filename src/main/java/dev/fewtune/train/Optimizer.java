package dev.fewtune.train;

import dev.fewtune.graft.Variable;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * AdamW (Loshchilov, Hutter, ICLR 2019, algorithm 2) with bias correction, decoupled weight decay and clipping by the
 * global norm. Beta 0.9 and 0.999, epsilon 1e-8.
 */
final class Optimizer<T extends TNumber> {
    static final double BETA1 = 0.9;
    static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    /** First and second moment of a variable's gradient. */
    record Moment<T extends TNumber>(
            String name, long[] shape, Operand<? extends TType> handle, Operand<T> read, Operand<T> feed, Op assign) {}

    final Placeholder<T> rate;
    final Placeholder<T> power1;
    final Placeholder<T> power2;
    final List<Moment<T>> moments = new ArrayList<>();
    final List<Operand<T>> gradients = new ArrayList<>();
    /** One optimizer step. */
    final Op step;

    private final Ops tf;
    private final Class<T> type;

    Optimizer(Network<T> network, TrainSettings settings) {
        this.tf = network.tf;
        this.type = network.vars.type();
        this.rate = scalar("rate");
        this.power1 = scalar("power1");
        this.power2 = scalar("power2");
        List<Variable<T>> trained = network.vars.trained();
        Gradients all = tf.gradients(
                network.trainingLoss, trained.stream().map(Variable::read).toList());
        for (int i = 0; i < trained.size(); i++) {
            Output<T> gradient = all.dy(i);
            gradients.add(gradient);
        }
        List<Operand<T>> clipped = clipped(settings.maxGradNorm());
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            updates.add(update(trained.get(i), clipped.get(i), settings.weightDecay()));
        }
        this.step = tf.withControlDependencies(updates).noOp();
    }

    private Placeholder<T> scalar(String name) {
        return tf.withName(name).placeholder(type, Placeholder.shape(Shape.scalar()));
    }

    private List<Operand<T>> clipped(double most) {
        if (most == 0) {
            return gradients;
        }
        List<Operand<T>> squares =
                gradients.stream().<Operand<T>>map(g -> tf.nn.l2Loss(g)).toList();
        Operand<T> norm = tf.math.sqrt(tf.math.mul(tf.math.addN(squares), number(2)));
        Operand<T> scale = tf.math.minimum(number(1), tf.math.div(number(most), tf.math.add(norm, number(1e-6))));
        return gradients.stream().<Operand<T>>map(g -> tf.math.mul(g, scale)).toList();
    }

    private Op update(Variable<T> variable, Operand<T> gradient, double decay) {
        Moment<T> first = moment(variable, "m");
        Moment<T> second = moment(variable, "v");
        Ops after = tf;
        if (decay > 0 && variable.decays()) {
            Operand<T> shrink = tf.math.mul(variable.read(), tf.math.mul(rate, number(decay)));
            after = tf.withControlDependencies(List.of(tf.assignSubVariableOp(variable.handle(), shrink)));
        }
        return after.train.resourceApplyAdam(
                variable.handle(),
                first.handle(),
                second.handle(),
                power1,
                power2,
                rate,
                number(BETA1),
                number(BETA2),
                number(EPSILON),
                gradient);
    }

    private Moment<T> moment(Variable<T> variable, String which) {
        String name = variable.name() + "/" + which;
        Ops scope = tf.withSubScope(variable.name() + "." + which);
        Shape shape = Shape.of(variable.shape());
        Operand<TType> handle = scope.varHandleOp(type, shape, VarHandleOp.sharedName(name));
        Operand<T> feed = scope.placeholder(type, Placeholder.shape(shape));
        Moment<T> moment = new Moment<>(
                name,
                variable.shape(),
                handle,
                scope.readVariableOp(handle, type),
                feed,
                scope.assignVariableOp(handle, feed));
        moments.add(moment);
        return moment;
    }

    private Operand<T> number(double value) {
        return tf.dtypes.cast(tf.constant(value), type);
    }
}
