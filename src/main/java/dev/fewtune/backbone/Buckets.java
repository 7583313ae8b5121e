package dev.fewtune.backbone;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * T5's relative positions (Raffel et al., arXiv 1910.10683, section 2.1): near distances have a bucket each, farther
 * ones share buckets that grow with their logarithm, computed in float32 as the published code does.
 *
 * @param count rows of the table
 * @param maxDistance from which on all distances share the last bucket
 * @param both whether what stands ahead has buckets of its own, as in the encoder
 */
record Buckets(int count, int maxDistance, boolean both) {
    /** The bucket of a key that stands {@code ahead} places after the query. */
    int of(int ahead) {
        int side = both ? count / 2 : count;
        int first = both && ahead > 0 ? side : 0;
        int distance = both ? Math.abs(ahead) : Math.max(0, -ahead);
        int exact = side / 2;
        if (distance < exact) {
            return first + distance;
        }
        float share = (float) Math.log((float) distance / exact) / (float) Math.log((double) maxDistance / exact);
        return first + Math.min(side - 1, exact + (int) (share * (side - exact)));
    }

    /**
     * @param table [count, heads]
     * @param queries places of the queries
     * @param keys places of the keys
     * @return [1, heads, queries, keys]
     */
    <T extends TFloating> Operand<T> bias(Ops tf, Operand<T> table, Operand<TInt32> queries, Operand<TInt32> keys) {
        int[] buckets = new int[2 * maxDistance + 1];
        for (int place = 0; place < buckets.length; place++) {
            buckets[place] = of(place - maxDistance);
        }
        Operand<TInt32> ahead =
                tf.math.sub(tf.expandDims(keys, tf.constant(0)), tf.expandDims(queries, tf.constant(1)));
        Operand<TInt32> near = tf.clipByValue(ahead, tf.constant(-maxDistance), tf.constant(maxDistance));
        Operand<TInt32> index = tf.math.add(near, tf.constant(maxDistance));
        Operand<TInt32> rows = tf.gather(tf.constant(buckets), index, tf.constant(0), new Gather.Options[0]);
        Operand<T> values = tf.gather(table, rows, tf.constant(0), new Gather.Options[0]);
        return tf.expandDims(tf.linalg.transpose(values, tf.constant(new int[] {2, 0, 1})), tf.constant(0));
    }
}
