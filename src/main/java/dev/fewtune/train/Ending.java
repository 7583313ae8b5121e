package dev.fewtune.train;

import dev.fewtune.graft.Step;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** The end of the steps of one optimizer. What is kept stands among its moments. */
final class Ending<T extends TFloating> implements Step<T> {
    private final Ops tf;
    private final Ops after;
    private final Class<T> type;
    private final Moments<T> moments;
    private final Map<String, Variable<T>> variables = new LinkedHashMap<>();
    private final Map<String, Operand<T>> gradients = new LinkedHashMap<>();
    private final Operand<TFloat64> now;
    private final Operand<TFloat64> total;

    /** @param moves of all variables */
    Ending(
            Ops tf,
            Class<T> type,
            List<Variable<T>> trained,
            List<Operand<T>> gradients,
            Moments<T> moments,
            List<Op> moves) {
        this.tf = tf;
        this.type = type;
        this.moments = moments;
        for (int i = 0; i < trained.size(); i++) {
            this.variables.put(trained.get(i).name(), trained.get(i));
            this.gradients.put(trained.get(i).name(), gradients.get(i));
        }
        this.now = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
        this.total = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
        this.after = tf.withControlDependencies(
                List.of(tf.withControlDependencies(List.copyOf(moves)).noOp()));
    }

    /** @param step from 0 */
    void feed(Session.Runner runner, Tensors open, long step, long steps) {
        runner.feed(now, open.add(TFloat64.scalarOf(step + 1.0))).feed(total, open.add(TFloat64.scalarOf(steps)));
    }

    @Override
    public Ops tf() {
        return tf;
    }

    @Override
    public Operand<TFloat64> now() {
        return now;
    }

    @Override
    public Operand<TFloat64> total() {
        return total;
    }

    @Override
    public Operand<T> gradient(String name) {
        return gradients.get(name);
    }

    @Override
    public Operand<T> moved(String name) {
        return after.readVariableOp(variables.get(name).handle(), type);
    }

    @Override
    public Op set(String name, Operand<T> value) {
        return after.assignVariableOp(variables.get(name).handle(), value);
    }

    @Override
    public Kept<T> kept(String name, long... shape) {
        Moments.Moment<T> moment = moments.add(name, shape);
        return new Kept<>() {
            @Override
            public Operand<T> before() {
                return moment.value();
            }

            @Override
            public Op set(Operand<T> value) {
                return tf.assignVariableOp(moment.handle(), value);
            }
        };
    }
}
