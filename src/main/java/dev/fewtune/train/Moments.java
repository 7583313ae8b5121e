package dev.fewtune.train;

import java.util.ArrayList;
import java.util.Collections;
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

/** Variables that stand beside the trained ones and begin at zero: running means, and sums of gradients. */
final class Moments<T extends TFloating> {
    private final Ops tf;
    private final Class<T> type;
    private final Map<String, Moment<T>> known = new LinkedHashMap<>();
    private final List<Op> zeroing = new ArrayList<>();

    /**
     * One of them.
     *
     * @param fed the placeholder through which {@code assign} sets it
     */
    record Moment<T extends TFloating>(
            long[] shape, Operand<? extends TType> handle, Operand<T> value, Operand<T> fed, Op assign) {}

    /** @param tf that waits for nothing */
    Moments(Ops tf, Class<T> type) {
        this.tf = tf;
        this.type = type;
    }

    Moment<T> add(String name, long... shape) {
        Shape dims = Shape.of(shape);
        Operand<? extends TType> handle = tf.varHandleOp(type, dims, VarHandleOp.sharedName(name));
        Operand<T> fed = tf.placeholder(type, Placeholder.shape(dims));
        Op assign = tf.assignVariableOp(handle, fed);
        // Not tf.zeros, which looks at every operation of the graph for a name of its own.
        zeroing.add(tf.assignVariableOp(handle, tf.fill(tf.constant(shape), tf.constant(type, 0.0))));
        Moment<T> moment = new Moment<>(shape, handle, tf.readVariableOp(handle, type), fed, assign);
        known.put(name, moment);
        return moment;
    }

    Map<String, Moment<T>> byName() {
        return Collections.unmodifiableMap(known);
    }

    void zero(Session session) {
        if (zeroing.isEmpty()) {
            return;
        }
        Session.Runner runner = session.runner();
        zeroing.forEach(runner::addTarget);
        runner.run().close();
    }
}
