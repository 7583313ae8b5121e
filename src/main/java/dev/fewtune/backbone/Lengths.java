package dev.fewtune.backbone;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/** Lengths that are known only when a graph runs. */
final class Lengths {
    private Lengths() {}

    /** The length of one axis, a scalar. */
    static Operand<TInt32> of(Ops tf, Operand<? extends TType> x, int axis) {
        Operand<TInt32> one = tf.slice(tf.shape(x), tf.constant(new int[] {axis}), tf.constant(new int[] {1}));
        return tf.reshape(one, tf.constant(new int[0]));
    }

    /**
     * Where each text ends, whatever before it may not be seen.
     *
     * @param mask [batch, length], 1 for a row that may be seen
     * @return [batch]
     */
    static Operand<TInt32> read(Ops tf, Operand<? extends TNumber> mask) {
        Operand<TInt32> numbers = tf.math.add(places(tf, of(tf, mask, 1)), tf.constant(1));
        Operand<TInt32> seen = tf.dtypes.cast(mask, TInt32.class);
        return tf.reduceMax(tf.math.mul(seen, numbers), tf.constant(1));
    }

    /** 0, 1, … length - 1. */
    static Operand<TInt32> places(Ops tf, Operand<TInt32> length) {
        return tf.range(tf.constant(0), length, tf.constant(1));
    }
}
