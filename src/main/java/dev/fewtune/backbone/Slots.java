package dev.fewtune.backbone;

import dev.fewtune.backbone.Writer.Past;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Pass;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Keys and values of what has been written, and of one more token. Their number stays the same over many tokens, and so do
 * the shapes that kernels are prepared for.
 */
final class Slots<T extends TFloating> implements Sight<T> {
    private final Ops tf;
    private final Past<T> past;
    private final Operand<TInt32> places;
    private final Operand<TBool> here;
    private final Operand<T> filled;
    private final List<Operand<T>> keys = new ArrayList<>();
    private final List<Operand<T>> values = new ArrayList<>();

    /** @param ids the token, [batch, 1] */
    Slots(Pass<T> pass, Past<T> past, Operand<TInt32> ids) {
        this.tf = pass.tf();
        this.past = past;
        this.places = Lengths.places(tf, Lengths.of(tf, past.keys().get(0), 2));
        this.here = tf.reshape(tf.math.equal(places, past.count()), tf.constant(new int[] {1, 1, -1, 1}));
        Operand<T> known = tf.dtypes.cast(tf.math.lessEqual(places, past.count()), pass.type());
        this.filled = tf.math.add(tf.expandDims(known, tf.constant(0)), tf.zerosLike(tf.dtypes.cast(ids, pass.type())));
    }

    /** Puts the token into its slot. */
    @Override
    public KeyValue<T> of(int layer, Operand<T> key, Operand<T> value) {
        keys.add(tf.select(here, key, past.keys().get(layer)));
        values.add(tf.select(here, value, past.values().get(layer)));
        return new KeyValue<>(keys.get(layer), values.get(layer), filled);
    }

    /** The place of the token among all slots, [1]. */
    Operand<TInt32> place() {
        return tf.reshape(past.count(), tf.constant(new int[] {1}));
    }

    /** Of all slots, from 0, [slots]. */
    Operand<TInt32> places() {
        return places;
    }

    /** With the token, once all layers have put it. */
    Past<T> past() {
        return new Past<>(List.copyOf(keys), List.copyOf(values), past.count());
    }
}
