package dev.fewtune.train;

import dev.fewtune.graft.Step;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/** Moves the trained variables by their gradients, in groups with learning rates of their own. */
final class Optimizer<T extends TFloating> {
    private final Class<T> type;
    private final Operand<T> rate;
    private final Moments<T> moments;
    private final Gradients<T> gradients;
    private final Rule<T> rule;
    private final List<Op> updates = new ArrayList<>();
    private final Ending<T> ending;

    Optimizer(Ops tf, Class<T> type, Operand<T> loss, List<Variable<T>> trained, Optimizing optimizing) {
        this(tf, type, loss, trained, optimizing, step -> List.of());
    }

    /** @param last what is to be done at the end of each step, once all variables have moved */
    Optimizer(
            Ops tf,
            Class<T> type,
            Operand<T> loss,
            List<Variable<T>> trained,
            Optimizing optimizing,
            Function<Step<T>, List<Op>> last) {
        this.type = type;
        this.rate = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
        this.moments = new Moments<>(tf, type);
        this.gradients = new Gradients<>(tf, type, loss, trained, optimizing.maxNorm(), optimizing.batches() > 1);
        this.rule = optimizing.rule(tf, type, moments);
        if (trained.isEmpty()) {
            this.ending = null;
            return;
        }
        Ops after = tf.withControlDependencies(new ArrayList<>(gradients.ofStep()));
        for (int i = 0; i < trained.size(); i++) {
            Variable<T> variable = trained.get(i);
            double group = variable.rate() * optimizing.groupRate(variable.share());
            Operand<T> here = tf.math.mul(rate, tf.constant(type, group));
            double decay = variable.decays() ? optimizing.weightDecay() : 0;
            updates.add(rule.update(after, variable, gradients.ofStep().get(i), here, decay));
        }
        this.ending = new Ending<>(tf, type, trained, gradients.ofStep(), moments, updates);
        updates.addAll(last.apply(ending));
    }

    /** Of one batch, in the order of the trained variables, before clipping. */
    List<Operand<T>> gradients() {
        return gradients.ofBatch();
    }

    /** All that ends a step. */
    List<Op> updates() {
        return List.copyOf(updates);
    }

    /** What must be kept beside the variables to go on exactly. */
    Moments<T> moments() {
        return moments;
    }

    /** Before the first batch of each step. */
    void begin(Session session) {
        gradients.begin(session);
    }

    /** Makes a run add the gradients of a batch that is not the last one of its step. */
    void collect(Session.Runner runner, Tensors open, double share) {
        gradients.feed(runner, open, share);
        gradients.collect(runner);
    }

    /**
     * Makes a run end a step.
     *
     * @param step from 0
     * @param total steps of the training
     * @param share of the step's loss that its last batch stands for, in (0, 1]
     */
    void addTo(Session.Runner runner, Tensors open, double learningRate, long step, long total, double share) {
        if (updates.isEmpty()) {
            return;
        }
        runner.feed(rate, open.add(Tensors.of(type, learningRate)));
        rule.feed(runner, open, step);
        ending.feed(runner, open, step, total);
        gradients.feed(runner, open, share);
        updates.forEach(runner::addTarget);
    }
}
