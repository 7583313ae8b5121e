package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * Adam (Kingma, Ba, arXiv 1412.6980) with decoupled weight decay (Loshchilov, Hutter, arXiv 1711.05101) and clipping of
 * the gradients by their common norm. Its epsilon stands inside the corrected rate, as in TensorFlow.
 */
final class AdamW<T extends TFloating> {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final Class<T> type;
    private final Operand<T> rate;
    private final Operand<T> power1;
    private final Operand<T> power2;
    private final List<Op> resets = new ArrayList<>();
    private final List<Op> updates = new ArrayList<>();
    private final Map<String, Moment<T>> moments = new LinkedHashMap<>();
    private final List<Operand<T>> gradients = new ArrayList<>();

    /** A running mean that belongs to one trained variable. */
    record Moment<T extends TFloating>(
            long[] shape, Operand<? extends TType> handle, Operand<T> value, Operand<T> fed, Op assign) {}

    AdamW(Ops tf, Class<T> type, Operand<T> loss, List<Variable<T>> trained, double weightDecay, double maxNorm) {
        this.type = type;
        this.rate = scalar(tf);
        this.power1 = scalar(tf);
        this.power2 = scalar(tf);
        if (trained.isEmpty()) {
            return;
        }
        var found = tf.gradients(loss, trained.stream().map(Variable::value).toList());
        for (int i = 0; i < trained.size(); i++) {
            gradients.add(found.dy(i));
        }
        List<Operand<T>> clipped = maxNorm > 0 ? clipped(tf, maxNorm) : gradients;
        List<Op> ready = new ArrayList<>(clipped);
        Ops after = tf.withControlDependencies(ready);
        for (int i = 0; i < trained.size(); i++) {
            update(tf, after, trained.get(i), clipped.get(i), weightDecay);
        }
    }

    /** In the order of the trained variables, before clipping. */
    List<Operand<T>> gradients() {
        return gradients;
    }

    /** Two per trained variable, by name. */
    Map<String, Moment<T>> moments() {
        return moments;
    }

    void reset(Session session) {
        if (resets.isEmpty()) {
            return;
        }
        Session.Runner runner = session.runner();
        resets.forEach(runner::addTarget);
        runner.run().close();
    }

    /** @param step from 0 */
    void addTo(Session.Runner runner, Tensors open, double learningRate, long step) {
        runner.feed(rate, open.add(one(learningRate)))
                .feed(power1, open.add(one(Math.pow(BETA1, step + 1))))
                .feed(power2, open.add(one(Math.pow(BETA2, step + 1))));
        updates.forEach(runner::addTarget);
    }

    private List<Operand<T>> clipped(Ops tf, double maxNorm) {
        List<Operand<T>> squares = new ArrayList<>();
        for (Operand<T> gradient : gradients) {
            squares.add(tf.nn.l2Loss(gradient));
        }
        Operand<T> norm = tf.math.sqrt(tf.math.mul(tf.math.addN(squares), tf.constant(type, 2.0)));
        Operand<T> limit = tf.constant(type, maxNorm);
        Operand<T> scale = tf.math.div(limit, tf.math.maximum(norm, limit));
        List<Operand<T>> clipped = new ArrayList<>();
        gradients.forEach(gradient -> clipped.add(tf.math.mul(gradient, scale)));
        return clipped;
    }

    private void update(Ops tf, Ops after, Variable<T> variable, Operand<T> gradient, double weightDecay) {
        Moment<T> first = moment(tf, variable, "first");
        Moment<T> second = moment(tf, variable, "second");
        Operand<T> here = tf.math.mul(rate, tf.constant(type, variable.rate()));
        Ops next = after;
        if (weightDecay > 0 && variable.decays()) {
            Operand<T> lost = tf.math.mul(variable.value(), tf.math.mul(here, tf.constant(type, weightDecay)));
            next = tf.withControlDependencies(after.assignSubVariableOp(variable.handle(), lost));
        }
        updates.add(next.train.resourceApplyAdam(
                variable.handle(),
                first.handle(),
                second.handle(),
                power1,
                power2,
                here,
                tf.constant(type, BETA1),
                tf.constant(type, BETA2),
                tf.constant(type, EPSILON),
                gradient));
    }

    private Moment<T> moment(Ops tf, Variable<T> variable, String which) {
        String name = variable.name() + ".adam_" + which;
        Shape shape = Shape.of(variable.shape());
        Operand<? extends TType> handle = tf.varHandleOp(type, shape, VarHandleOp.sharedName(name));
        Operand<T> fed = tf.placeholder(type, Placeholder.shape(shape));
        Op assign = tf.assignVariableOp(handle, fed);
        resets.add(tf.assignVariableOp(handle, tf.zeros(tf.constant(variable.shape()), type)));
        Moment<T> moment = new Moment<>(variable.shape(), handle, tf.readVariableOp(handle, type), fed, assign);
        moments.put(name, moment);
        return moment;
    }

    private Operand<T> scalar(Ops tf) {
        return tf.placeholder(type, Placeholder.shape(Shape.scalar()));
    }

    private org.tensorflow.Tensor one(double value) {
        return Tensors.of(type, new long[0], new double[] {value});
    }
}
