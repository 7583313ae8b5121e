package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * How queries are compared to keys.
 *
 * @param scale multiplies the products; 1 where the network was trained so, as T5
 * @param groups query heads that share a head of keys and values
 * @param bias added to the scores, broadcast to [batch, heads, queries, keys], or null; keys that a method puts before the
 *     given ones get none
 */
public record Scores<T extends TFloating>(double scale, int groups, Operand<T> bias) {
    /** Added to the score of what may not be seen. */
    private static final double MASKED = -1e9;

    public Scores {
        if (groups < 1) {
            throw new IllegalArgumentException("The groups (%s) must be at least 1.".formatted(groups));
        }
    }

    /** What each position may see: [1, 1, length, length], 0 for itself and those before it, hidden after it. */
    public static <T extends TFloating> Operand<T> causal(Pass<T> pass, Operand<TInt32> length) {
        Ops tf = pass.tf();
        Operand<TInt32> places = tf.range(tf.constant(0), length, tf.constant(1));
        return causal(pass, places, places);
    }

    /**
     * The same for some positions among all.
     *
     * @param queries positions of the queries
     * @param keys positions of the keys
     * @return [1, 1, queries, keys]
     */
    public static <T extends TFloating> Operand<T> causal(Pass<T> pass, Operand<TInt32> queries, Operand<TInt32> keys) {
        Ops tf = pass.tf();
        Operand<TInt32> ahead =
                tf.math.sub(tf.expandDims(keys, tf.constant(0)), tf.expandDims(queries, tf.constant(1)));
        Operand<T> hidden = tf.dtypes.cast(tf.math.greater(ahead, tf.constant(0)), pass.type());
        Operand<T> added = tf.math.mul(hidden, pass.number(MASKED));
        return tf.expandDims(tf.expandDims(added, tf.constant(0)), tf.constant(0));
    }

    /** Softmax over the keys, [batch, heads, queries, keys]. */
    Operand<T> weights(Pass<T> pass, Operand<T> query, KeyValue<T> given, KeyValue<T> kv) {
        Ops tf = pass.tf();
        Operand<T> scaled = scale == 1 ? query : tf.math.mul(query, pass.number(scale));
        Operand<T> scores = tf.train.batchMatMul(scaled, shared(pass, kv.key()), pass.type(), BatchMatMul.adjY(true));
        Operand<T> hidden = tf.math.mul(tf.math.sub(pass.number(1), kv.mask()), pass.number(MASKED));
        Operand<T> added = tf.expandDims(tf.expandDims(hidden, tf.constant(1)), tf.constant(1));
        if (bias != null) {
            added = tf.math.add(added, given == kv ? bias : widened(tf, given, kv));
        }
        return tf.nn.softmax(tf.math.add(scores, added));
    }

    /** Each head of keys or values once per query head, [batch, heads, keys, width of a head]. */
    Operand<T> shared(Pass<T> pass, Operand<T> x) {
        if (groups == 1) {
            return x;
        }
        Ops tf = pass.tf();
        Operand<T> repeated = tf.tile(tf.expandDims(x, tf.constant(2)), tf.constant(new int[] {1, 1, groups, 1, 1}));
        Operand<TInt32> shape = tf.math.mul(tf.shape(x), tf.constant(new int[] {1, groups, 1, 1}));
        return tf.reshape(repeated, shape);
    }

    private Operand<T> widened(Ops tf, KeyValue<T> given, KeyValue<T> kv) {
        Operand<TInt32> extra = tf.math.sub(keys(tf, kv), keys(tf, given));
        Operand<TInt32> none = tf.constant(new int[] {0, 0, 0, 0, 0, 0});
        Operand<TInt32> flat = tf.concat(java.util.List.of(none, extra, tf.constant(new int[] {0})), tf.constant(0));
        return tf.pad(
                bias, tf.reshape(flat, tf.constant(new int[] {4, 2})), tf.dtypes.cast(tf.constant(0), bias.type()));
    }

    private Operand<TInt32> keys(Ops tf, KeyValue<T> kv) {
        return tf.slice(tf.shape(kv.mask()), tf.constant(new int[] {1}), tf.constant(new int[] {1}));
    }
}
