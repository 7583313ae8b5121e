package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Tensors;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A new linear map of the text's pooled states to classes, or to one number. */
final class ClassHead<T extends TFloating> implements Objective<T> {
    private final Base<T> base;
    private final Model.Task task;
    private final Operand<TInt32> classes;
    private final Operand<T> numbers;
    private final boolean teaches;

    ClassHead(Pass<T> pass, Base<T> base, Model.Task task) {
        this.base = base;
        this.task = task;
        this.classes = pass.tf().placeholder(TInt32.class, Inputs.open(1));
        this.numbers = pass.tf().placeholder(pass.type(), Inputs.open(1));
        this.teaches = false;
    }

    private ClassHead(ClassHead<T> student, Graft<T> teacher) {
        this.base = student.base.under(teacher);
        this.task = student.task;
        this.classes = student.classes;
        this.numbers = student.numbers;
        this.teaches = true;
    }

    /** With the heads that the teachers have learned. */
    @Override
    public Objective<T> taughtBy(Graft<T> teacher) {
        return new ClassHead<>(this, teacher);
    }

    @Override
    public Forward<T> forward(Pass<T> pass) {
        Inputs<T> text = base.inputs();
        Backbone.Hidden<T> hidden = base.backbone().hidden(base.layers(pass), text.ids(), text.types(), text.mask());
        Operand<T> features = pool(pass, hidden, task.pooling());
        base.levels().pooled(features);
        Operand<T> scores = scores(pass, pass.dropout(features, task.dropout()));
        Operand<T> outputs = Members.own(pass, scores, base.inputs().tasks(), task.members());
        return new Forward<>(outputs, hidden.before(), seen(pass, hidden, outputs));
    }

    private Operand<T> scores(Pass<T> pass, Operand<T> pooled) {
        Ops tf = pass.tf();
        TaskHeads<T> heads = new TaskHeads<>(
                base.vars(), task, base.backbone().spec().hidden(), base.graft().trainsHead());
        Operand<T> w = heads.weight(tf, teaches);
        Joint at = new Joint("task", -1, Site.HEAD, heads.width(), heads.outputs());
        Operand<T> used = teaches ? w : base.graft().head(pass, at, w);
        return tf.math.add(tf.linalg.matMul(pooled, used), heads.bias(tf, teaches));
    }

    private Imitation.Seen<T> seen(Pass<T> pass, Backbone.Hidden<T> hidden, Operand<T> outputs) {
        Ops tf = pass.tf();
        Operand<T> text = tf.slice(
                hidden.states(), tf.constant(new int[] {0, hidden.before(), 0}), tf.constant(new int[] {-1, -1, -1}));
        Operand<T> counted = Imitation.all(pass, outputs);
        return new Imitation.Seen<>(outputs, counted, text, base.inputs().mask());
    }

    @Override
    public Operand<T> loss(Pass<T> pass, Forward<T> forward) {
        return task.regression()
                ? squared(pass, forward.outputs())
                : Losses.crossEntropy(pass, forward.outputs(), classes, task.smoothing());
    }

    @Override
    public void feed(Session.Runner runner, Batch batch, Tensors open) {
        base.inputs().feed(runner, batch, open);
    }

    @Override
    public void feedTargets(Session.Runner runner, Batch batch, Tensors open) {
        if (!task.regression()) {
            Losses.feedClasses(runner, classes, batch, open);
            return;
        }
        double[] targets = batch.targets();
        runner.feed(numbers, open.add(Tensors.of(base.inputs().type(), new long[] {targets.length}, targets)));
    }

    @Override
    public double loss(double[][] outputs, double[] targets) {
        return Outputs.loss(outputs, targets, task.regression());
    }

    /** Of the text's own rows: the first one, the last unpadded one, or the mean of the unpadded ones. */
    private Operand<T> pool(Pass<T> pass, Backbone.Hidden<T> hidden, String pooling) {
        Ops tf = pass.tf();
        Operand<TInt32> from = tf.constant(new int[] {0, hidden.before(), 0});
        if (pooling.equals("cls")) {
            return tf.squeeze(
                    tf.slice(hidden.states(), from, tf.constant(new int[] {-1, 1, -1})), Squeeze.axis(List.of(1L)));
        }
        Operand<T> text = tf.slice(hidden.states(), from, tf.constant(new int[] {-1, -1, -1}));
        if (pooling.equals("last")) {
            return last(tf, text);
        }
        Operand<T> seen = tf.expandDims(base.inputs().mask(), tf.constant(2));
        Operand<T> sum = tf.sum(tf.math.mul(text, seen), tf.constant(1));
        return tf.math.div(sum, tf.sum(seen, tf.constant(1)));
    }

    private Operand<T> last(Ops tf, Operand<T> text) {
        Operand<T> length = tf.sum(base.inputs().mask(), tf.constant(1));
        Operand<TInt32> places = tf.math.sub(tf.dtypes.cast(length, TInt32.class), tf.constant(1));
        return tf.gather(text, places, tf.constant(1), Gather.batchDims(1L));
    }

    private Operand<T> squared(Pass<T> pass, Operand<T> outputs) {
        Ops tf = pass.tf();
        Operand<T> error = tf.math.sub(tf.reshape(outputs, tf.constant(new int[] {-1})), numbers);
        return tf.math.mean(tf.math.square(error), tf.constant(0));
    }
}
