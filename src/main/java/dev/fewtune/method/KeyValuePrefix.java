package dev.fewtune.method;

import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Pass;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Rows before keys and values. They have no place in the text: no rotation turns them, and the bias of relative positions
 * that they get is 0. A causal network lets every token see them.
 */
final class KeyValuePrefix {
    /** The last words of the names that plain rows have. */
    static final String KEY = "prefix_key";

    static final String VALUE = "prefix_value";

    private KeyValuePrefix() {}

    /** The width of all heads together. */
    static int width(KeyValue<?> kv) {
        Shape shape = kv.key().shape();
        return Math.toIntExact(shape.get(1) * shape.get(3));
    }

    /**
     * @param key [length, width of all heads]
     * @param value like {@code key}
     * @param dropout on the rows, anew for each example
     */
    static <T extends TFloating> KeyValue<T> before(
            Pass<T> pass, Operand<T> key, Operand<T> value, int length, double dropout, KeyValue<T> kv) {
        Ops tf = pass.tf();
        Operand<TInt32> batch = tf.slice(tf.shape(kv.mask()), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
        Operand<TInt32> seen = tf.concat(List.of(batch, tf.constant(new int[] {length})), tf.constant(0));
        return new KeyValue<>(
                before(pass, key, batch, dropout, kv.key()),
                before(pass, value, batch, dropout, kv.value()),
                tf.concat(List.of(tf.fill(seen, pass.number(1)), kv.mask()), tf.constant(1)));
    }

    private static <T extends TFloating> Operand<T> before(
            Pass<T> pass, Operand<T> rows, Operand<TInt32> batch, double dropout, Operand<T> given) {
        Ops tf = pass.tf();
        Shape shape = given.shape();
        int[] heads = {1, -1, Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(3))};
        Operand<T> split =
                tf.linalg.transpose(tf.reshape(rows, tf.constant(heads)), tf.constant(new int[] {0, 2, 1, 3}));
        Operand<TInt32> copies = tf.concat(List.of(batch, tf.constant(new int[] {1, 1, 1})), tf.constant(0));
        return tf.concat(List.of(pass.dropout(tf.tile(split, copies), dropout), given), tf.constant(2));
    }
}
