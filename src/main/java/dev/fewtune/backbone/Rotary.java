package dev.fewtune.backbone;

import dev.fewtune.graft.Pass;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The turning of queries and keys by their positions (Su et al., arXiv 2104.09864), by halves: entry i and entry i +
 * width/2 are partners.
 *
 * @param cosine [length, width / 2], or [batch, 1, length, width / 2]
 * @param sine like {@code cosine}
 */
record Rotary<T extends TFloating>(Operand<T> cosine, Operand<T> sine) {
    /**
     * @param frequencies radians per position, one per pair
     * @param positions [length], or [batch, 1, length]
     */
    static <T extends TFloating> Rotary<T> of(Pass<T> pass, double[] frequencies, Operand<TInt32> positions) {
        Ops tf = pass.tf();
        Operand<T> steps = tf.dtypes.cast(tf.constant(frequencies), pass.type());
        Operand<T> places = tf.expandDims(tf.dtypes.cast(positions, pass.type()), tf.constant(-1));
        Operand<T> angles = tf.math.mul(places, steps);
        return new Rotary<>(tf.math.cos(angles), tf.math.sin(angles));
    }

    /** @param x [batch, heads, length, width] */
    Operand<T> turn(Ops tf, Operand<T> x) {
        List<org.tensorflow.Output<T>> halves = tf.split(tf.constant(-1), x, 2L).output();
        Operand<T> first = halves.get(0);
        Operand<T> second = halves.get(1);
        return tf.concat(
                List.of(
                        tf.math.sub(tf.math.mul(first, cosine), tf.math.mul(second, sine)),
                        tf.math.add(tf.math.mul(second, cosine), tf.math.mul(first, sine))),
                tf.constant(-1));
    }
}
