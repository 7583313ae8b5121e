package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** A backbone with a method's graft and a head, as two passes over the same variables: one learns, one predicts. */
final class Model<T extends TFloating> {
    private static final double HEAD_DEVIATION = 0.02;

    private final Class<T> type;
    private final Vars<T> vars;
    private final Operand<TInt32> ids;
    private final Operand<TInt32> types;
    private final Operand<T> mask;
    private final Operand<TInt32> classTargets;
    private final Operand<T> numberTargets;
    private final Operand<TInt64> dropoutSeed;
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
     */
    record Task(
            int classes,
            boolean regression,
            String pooling,
            double dropout,
            boolean trainHead,
            double inside,
            double smoothing,
            Precision precision) {
        /** In float32, with the same dropout everywhere. */
        Task(int classes, boolean regression, String pooling, double dropout, boolean trainHead) {
            this(classes, regression, pooling, dropout, trainHead, dropout, 0, Precision.F32);
        }

        Task in(Precision other) {
            return new Task(classes, regression, pooling, dropout, trainHead, inside, smoothing, other);
        }

        boolean narrow() {
            return precision == Precision.BF16;
        }
    }

    /** @param learns whether the pass with dropout and its loss are written too; a model that only answers needs neither */
    Model(Ops tf, Class<T> type, Backbone backbone, Method method, Settings settings, Task task, boolean learns) {
        this.type = type;
        this.vars = new Vars<>(tf, type, task.narrow());
        this.ids = tf.placeholder(TInt32.class, open(2));
        this.types = tf.placeholder(TInt32.class, open(2));
        this.mask = tf.placeholder(type, open(2));
        this.classTargets = tf.placeholder(TInt32.class, open(1));
        this.numberTargets = tf.placeholder(type, open(1));
        this.dropoutSeed = tf.placeholder(TInt64.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(2)));
        Graft<T> graft = method.graft(vars, settings);
        Forward<T> predicted = forward(new Pass<>(tf, type, null, task.narrow()), backbone, graft, task);
        this.outputs = predicted.outputs();
        this.before = predicted.before();
        this.loss = learns ? loss(new Pass<>(tf, type, dropoutSeed, task.narrow()), backbone, graft, task) : null;
    }

    private record Forward<T extends TFloating>(Operand<T> outputs, int before) {}

    Class<T> type() {
        return type;
    }

    Vars<T> vars() {
        return vars;
    }

    Operand<TInt32> ids() {
        return ids;
    }

    Operand<TInt32> types() {
        return types;
    }

    Operand<T> mask() {
        return mask;
    }

    /** Class numbers, [batch]. */
    Operand<TInt32> classTargets() {
        return classTargets;
    }

    /** Values of a regression, [batch]. */
    Operand<T> numberTargets() {
        return numberTargets;
    }

    /** [run, step]. */
    Operand<TInt64> dropoutSeed() {
        return dropoutSeed;
    }

    /** Mean over the batch, with dropout; null in a model that does not learn. */
    Operand<T> loss() {
        return loss;
    }

    /** [batch, classes], without dropout. */
    Operand<T> outputs() {
        return outputs;
    }

    /** Rows that the method puts before the text. */
    int before() {
        return before;
    }

    private Operand<T> loss(Pass<T> pass, Backbone backbone, Graft<T> graft, Task task) {
        Operand<T> learned = forward(pass, backbone, graft, task).outputs();
        return task.regression() ? squared(pass, learned) : crossEntropy(pass, learned, task.smoothing());
    }

    private Forward<T> forward(Pass<T> pass, Backbone backbone, Graft<T> graft, Task task) {
        Layers<T> layers = new Layers<>(pass, vars, graft, task.inside());
        Backbone.Hidden<T> hidden = backbone.hidden(layers, ids, types, mask);
        int width = backbone.spec().hidden();
        Operand<T> pooled = pass.dropout(pool(pass, hidden, task.pooling()), task.dropout());
        Share share = task.trainHead() ? Share.HEAD : Share.FROZEN;
        Operand<T> w = vars.fresh("head.weight", share, 1, Init.normal(HEAD_DEVIATION), width, task.classes());
        Operand<T> b = vars.fresh("head.bias", share, 1, Init.zeros(), task.classes());
        Ops tf = pass.tf();
        return new Forward<>(tf.math.add(tf.linalg.matMul(pooled, w), b), hidden.before());
    }

    /** Of the text's own rows: the first one, the last unpadded one, or the mean of the unpadded ones. */
    private Operand<T> pool(Pass<T> pass, Backbone.Hidden<T> hidden, String pooling) {
        Ops tf = pass.tf();
        Operand<TInt32> from = tf.constant(new int[] {0, hidden.before(), 0});
        if (pooling.equals("cls")) {
            return tf.squeeze(
                    tf.slice(hidden.states(), from, tf.constant(new int[] {-1, 1, -1})),
                    org.tensorflow.op.core.Squeeze.axis(List.of(1L)));
        }
        Operand<T> text = tf.slice(hidden.states(), from, tf.constant(new int[] {-1, -1, -1}));
        if (pooling.equals("last")) {
            return last(tf, text);
        }
        Operand<T> seen = tf.expandDims(mask, tf.constant(2));
        Operand<T> sum = tf.sum(tf.math.mul(text, seen), tf.constant(1));
        return tf.math.div(sum, tf.sum(seen, tf.constant(1)));
    }

    private Operand<T> last(Ops tf, Operand<T> text) {
        Operand<TInt32> places =
                tf.math.sub(tf.dtypes.cast(tf.sum(mask, tf.constant(1)), TInt32.class), tf.constant(1));
        return tf.gather(text, places, tf.constant(1), Gather.batchDims(1L));
    }

    /** With smoothing as in Szegedy et al., arXiv 1512.00567, section 7: the rest is spread evenly over all classes. */
    private Operand<T> crossEntropy(Pass<T> pass, Operand<T> logits, double smoothing) {
        Ops tf = pass.tf();
        Operand<TInt32> size = tf.squeeze(tf.shape(classTargets), org.tensorflow.op.core.Squeeze.axis(List.of(0L)));
        Operand<TInt32> rows = tf.range(tf.constant(0), size, tf.constant(1));
        Operand<TInt32> places = tf.stack(List.of(rows, classTargets), Stack.axis(1L));
        Operand<T> all = tf.nn.logSoftmax(logits);
        Operand<T> likelihood = tf.gatherNd(all, places);
        if (smoothing > 0) {
            Operand<T> even = tf.math.mean(all, tf.constant(1));
            likelihood = tf.math.add(
                    tf.math.mul(likelihood, pass.number(1 - smoothing)), tf.math.mul(even, pass.number(smoothing)));
        }
        return tf.math.neg(tf.math.mean(likelihood, tf.constant(0)));
    }

    private Operand<T> squared(Pass<T> pass, Operand<T> outputs) {
        Ops tf = pass.tf();
        Operand<T> error = tf.math.sub(tf.reshape(outputs, tf.constant(new int[] {-1})), numberTargets);
        return tf.math.mean(tf.math.square(error), tf.constant(0));
    }

    private static Placeholder.Options open(int rank) {
        long[] dims = new long[rank];
        java.util.Arrays.fill(dims, -1);
        return Placeholder.shape(org.tensorflow.ndarray.Shape.of(dims));
    }
}
