package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/** Gradients of the trained variables: of one batch, and of the whole of a step that is made of several. */
final class Gradients<T extends TFloating> {
    /** PyTorch divides by the norm and a little. */
    private static final double LITTLE = 1e-6;

    private final Class<T> type;
    private final List<Operand<T>> ofBatch = new ArrayList<>();
    private final List<Operand<T>> ofStep = new ArrayList<>();
    private final Moments<T> sums;
    private final Operand<T> share;
    private final List<Op> collecting = new ArrayList<>();

    /**
     * @param maxNorm all gradients together are scaled down to this norm; 0 for never
     * @param sums whether a step may be made of several batches
     */
    Gradients(Ops tf, Class<T> type, Operand<T> loss, List<Variable<T>> trained, double maxNorm, boolean sums) {
        this.type = type;
        this.sums = sums ? new Moments<>(tf, type) : null;
        this.share = sums ? tf.placeholder(type, Placeholder.shape(Shape.scalar())) : null;
        if (trained.isEmpty()) {
            return;
        }
        var found = tf.gradients(loss, trained.stream().map(Variable::value).toList());
        for (int i = 0; i < trained.size(); i++) {
            ofBatch.add(found.dy(i));
        }
        List<Operand<T>> whole = sums ? summed(tf, trained) : ofBatch;
        ofStep.addAll(maxNorm > 0 ? clipped(tf, whole, maxNorm) : whole);
    }

    /** In the order of the trained variables. */
    List<Operand<T>> ofBatch() {
        return ofBatch;
    }

    /** In the order of the trained variables, clipped. */
    List<Operand<T>> ofStep() {
        return ofStep;
    }

    /** Before the first batch of a step. */
    void begin(Session session) {
        if (sums != null) {
            sums.zero(session);
        }
    }

    /** Adds the gradients of a batch that is not the last one of its step. */
    void collect(Session.Runner runner) {
        collecting.forEach(runner::addTarget);
    }

    /** @param part of the step's loss that the batch stands for, in (0, 1] */
    void feed(Session.Runner runner, Tensors open, double part) {
        if (share != null) {
            runner.feed(share, open.add(Tensors.of(type, part)));
        }
    }

    private List<Operand<T>> summed(Ops tf, List<Variable<T>> trained) {
        List<Operand<T>> whole = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            Variable<T> variable = trained.get(i);
            Moments.Moment<T> sum = sums.add(variable.name() + ".gradient_sum", variable.shape());
            Operand<T> more = tf.math.mul(ofBatch.get(i), share);
            collecting.add(tf.assignAddVariableOp(sum.handle(), more));
            whole.add(tf.math.add(sum.value(), more));
        }
        return whole;
    }

    private List<Operand<T>> clipped(Ops tf, List<Operand<T>> whole, double maxNorm) {
        List<Operand<T>> squares = new ArrayList<>();
        whole.forEach(gradient -> squares.add(tf.nn.l2Loss(gradient)));
        Operand<T> norm = tf.math.sqrt(tf.math.mul(tf.math.addN(squares), tf.constant(type, 2.0)));
        Operand<T> over = tf.math.div(tf.constant(type, maxNorm), tf.math.add(norm, tf.constant(type, LITTLE)));
        Operand<T> scale = tf.math.minimum(over, tf.constant(type, 1.0));
        List<Operand<T>> clipped = new ArrayList<>();
        whole.forEach(gradient -> clipped.add(tf.math.mul(gradient, scale)));
        return clipped;
    }
}
