package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Teacher;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** A backbone with a method's graft and an objective, as two passes over the same variables: one learns, one predicts. */
final class Model<T extends TFloating> {
    private final Class<T> type;
    private final Vars<T> vars;
    private final Graft<T> graft;
    private final Operand<TInt64> dropoutSeed;
    private final Inputs<T> inputs;
    private final Level.Collected<T> levels = new Level.Collected<>();
    private final Objective<T> objective;
    private final Optional<Writing<T>> writing;
    private final Operand<T> loss;
    private final Operand<T> outputs;
    private final int before;

    /**
     * What stands on the backbone, and how it learns.
     *
     * @param pooling cls, mean or last
     * @param dropout before the head
     * @param inside dropout of the backbone
     * @param smoothing share of the target that is spread over all classes
     * @param precision in which numbers matrices are multiplied, and kept where they do not train; those that train, norms,
     *     softmax, head and loss are float32 in any case
     * @param sources what earlier steps have learned
     * @param members the tasks that are learned together; empty where there is one
     */
    record Task(
            int classes,
            boolean regression,
            String pooling,
            double dropout,
            boolean trainHead,
            double inside,
            double smoothing,
            Precision precision,
            Aim aim,
            List<Source> sources,
            List<Beside.Member> members) {
        Task(
                int classes,
                boolean regression,
                String pooling,
                double dropout,
                boolean trainHead,
                double inside,
                double smoothing,
                Precision precision,
                Aim aim) {
            this(
                    classes,
                    regression,
                    pooling,
                    dropout,
                    trainHead,
                    inside,
                    smoothing,
                    precision,
                    aim,
                    List.of(),
                    List.of());
        }

        /** A new head, in float32, with the same dropout everywhere. */
        Task(int classes, boolean regression, String pooling, double dropout, boolean trainHead) {
            this(classes, regression, pooling, dropout, trainHead, dropout, 0, Precision.F32, Aim.head());
        }

        Task in(Precision other) {
            return new Task(
                    classes, regression, pooling, dropout, trainHead, inside, smoothing, other, aim, sources, members);
        }

        Task beside(List<Source> others, List<Beside.Member> together) {
            return new Task(
                    classes,
                    regression,
                    pooling,
                    dropout,
                    trainHead,
                    inside,
                    smoothing,
                    precision,
                    aim,
                    others,
                    together);
        }

        private Given given(Operand<TInt32> task) {
            List<String> names = members.isEmpty()
                    ? List.of("")
                    : members.stream().map(Beside.Member::task).toList();
            return new Given(sources, names, task);
        }

        boolean narrow() {
            return precision == Precision.BF16;
        }
    }

    /** @param learns whether the pass with dropout and its loss are written too; a model that only answers needs neither */
    Model(Ops tf, Class<T> type, Backbone backbone, Method method, Settings settings, Task task, boolean learns) {
        this.type = type;
        this.vars = new Vars<>(tf, type, task.narrow());
        this.inputs = Inputs.in(tf, type);
        this.graft = method.graft(vars, settings, task.given(inputs.tasks()));
        this.dropoutSeed = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
        Pass<T> quiet = new Pass<>(tf, type, null, task.narrow());
        this.objective =
                Objective.of(quiet, new Objective.Base<>(inputs, vars, backbone, graft, task.inside(), levels), task);
        Objective.Forward<T> predicted = objective.forward(quiet);
        this.outputs = predicted.outputs();
        this.before = predicted.before();
        this.writing = objective.writing(new Pass<>(tf, type, null, task.narrow()));
        this.loss = learns ? loss(new Pass<>(tf, type, dropoutSeed, task.narrow())) : null;
    }

    Class<T> type() {
        return type;
    }

    Vars<T> vars() {
        return vars;
    }

    Graft<T> graft() {
        return graft;
    }

    /** Where texts come in. */
    Inputs<T> inputs() {
        return inputs;
    }

    /** Where the network can be cut; none where a method puts rows of its own before the text. */
    List<Level<T>> levels() {
        return before > 0 ? List.of() : levels.all();
    }

    /** [run, step]. */
    Operand<TInt64> dropoutSeed() {
        return dropoutSeed;
    }

    Objective<T> objective() {
        return objective;
    }

    /** Where it writes texts; empty where it does not. */
    Optional<Writing<T>> writing() {
        return writing;
    }

    /** Mean over the batch, with dropout and what the method adds; null in a model that does not learn. */
    Operand<T> loss() {
        return loss;
    }

    /** [batch, numbers], without dropout. */
    Operand<T> outputs() {
        return outputs;
    }

    /** Rows that the method puts before the text. */
    int before() {
        return before;
    }

    private Operand<T> loss(Pass<T> pass) {
        Objective.Forward<T> forward = objective.forward(pass);
        Operand<T> alone = objective.loss(pass, forward);
        Operand<T> ofTask = graft.teacher()
                .<Operand<T>>map(teacher -> pass.tf().math.add(alone, imitation(pass, forward, teacher)))
                .orElse(alone);
        return graft.penalty(pass)
                .<Operand<T>>map(more -> pass.tf().math.add(ofTask, more))
                .orElse(ofTask);
    }

    /** The teacher has no dropout. */
    private Operand<T> imitation(Pass<T> pass, Objective.Forward<T> student, Teacher<T> teacher) {
        Pass<T> quiet = new Pass<>(pass.tf(), type, null);
        Objective.Forward<T> taught = objective.taughtBy(teacher.graft()).forward(quiet);
        Operand<T> far = Imitation.loss(pass, student.seen(), taught.seen(), teacher.temperature());
        return pass.tf().math.mul(far, pass.number(teacher.weight()));
    }
}
