package dev.fewtune.train;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** How large the numbers of a tensor are. */
final class Magnitude {
    /** What a variable counts with at least, as in Adafactor (Shazeer, Stern, arXiv 1804.04235, section 8). */
    private static final double LEAST = 1e-3;

    private Magnitude() {}

    /** The root of the mean square, a scalar. */
    static <T extends TFloating> Operand<T> of(Ops tf, Operand<T> x) {
        Operand<TInt32> all = tf.constant(new int[] {0});
        Operand<T> flat = tf.reshape(tf.math.square(x), tf.constant(new int[] {-1}));
        return tf.math.sqrt(tf.math.mean(flat, all));
    }

    /** A learning rate that grows with the variable that it moves. */
    static <T extends TFloating> Operand<T> scaled(Ops tf, Class<T> type, Operand<T> rate, Operand<T> variable) {
        return tf.math.mul(rate, tf.math.maximum(of(tf, variable), tf.constant(type, LEAST)));
    }
}
