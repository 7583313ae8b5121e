package dev.fewtune.backbone;

import dev.fewtune.backbone.Writer.Memory;
import dev.fewtune.graft.KeyValue;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** What the rows of one pass look at, made of their own keys and values. */
@FunctionalInterface
interface Sight<T extends TFloating> {
    KeyValue<T> of(int layer, Operand<T> key, Operand<T> value);

    /** Nothing but the rows themselves. */
    static <T extends TFloating> Sight<T> own(Operand<T> mask) {
        return (layer, key, value) -> new KeyValue<>(key, value, mask);
    }

    /** What has been read, before what these rows see. */
    default Sight<T> after(Ops tf, Memory<T> memory) {
        return (layer, key, value) -> {
            KeyValue<T> near = of(layer, key, value);
            KeyValue<T> far = memory.of(layer);
            return new KeyValue<>(
                    tf.concat(List.of(far.key(), near.key()), tf.constant(2)),
                    tf.concat(List.of(far.value(), near.value()), tf.constant(2)),
                    tf.concat(List.of(far.mask(), near.mask()), tf.constant(1)));
        };
    }
}
