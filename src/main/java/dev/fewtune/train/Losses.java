package dev.fewtune.train;

import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Losses of outputs, by gathered logarithms, which have native gradients in float64 too. */
final class Losses {
    private Losses() {}

    /**
     * Mean cross entropy.
     *
     * @param logits [batch, classes]
     * @param classes [batch]
     * @param smoothing see {@link #smoothed}
     */
    static <T extends TFloating> Operand<T> crossEntropy(
            Pass<T> pass, Operand<T> logits, Operand<TInt32> classes, double smoothing) {
        Ops tf = pass.tf();
        Operand<T> all = tf.nn.logSoftmax(logits);
        Operand<T> likelihood = chosen(tf, all, classes);
        if (smoothing > 0) {
            likelihood = smoothed(pass, likelihood, tf.math.mean(all, tf.constant(1)), smoothing);
        }
        return tf.math.neg(tf.math.mean(likelihood, tf.constant(0)));
    }

    /**
     * As in Szegedy et al., arXiv 1512.00567, section 7: a share of the target is spread evenly over all classes.
     *
     * @param likelihood logarithms, of the right class
     * @param even their mean over all classes
     */
    static <T extends TFloating> Operand<T> smoothed(
            Pass<T> pass, Operand<T> likelihood, Operand<T> even, double smoothing) {
        Ops tf = pass.tf();
        return tf.math.add(
                tf.math.mul(likelihood, pass.number(1 - smoothing)), tf.math.mul(even, pass.number(smoothing)));
    }

    /** Entry {@code choice[i]} of each row i, [rows]. */
    static <T extends TFloating> Operand<T> chosen(Ops tf, Operand<T> rows, Operand<TInt32> choice) {
        Operand<TInt32> size = tf.squeeze(tf.shape(choice), Squeeze.axis(List.of(0L)));
        Operand<TInt32> places = tf.range(tf.constant(0), size, tf.constant(1));
        return tf.gatherNd(rows, tf.stack(List.of(places, choice), Stack.axis(1L)));
    }

    /** Feeds a batch's classes. */
    static void feedClasses(Session.Runner runner, Operand<TInt32> place, Batch batch, Tensors open) {
        int[] classes = new int[batch.targets().length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) batch.targets()[i];
        }
        runner.feed(place, open.add(Inputs.ints(Shape.of(classes.length), classes)));
    }
}
