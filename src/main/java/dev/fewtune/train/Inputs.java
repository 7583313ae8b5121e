package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The places of a graph into which texts are fed.
 *
 * @param ids token numbers, [batch, length]
 * @param types segments, [batch, length]
 * @param mask [batch, length], 1 for a token that is read
 * @param tasks place of each example's task among those that are learned together, [batch]
 */
record Inputs<T extends TFloating>(
        Class<T> type, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask, Operand<TInt32> tasks) {
    static <T extends TFloating> Inputs<T> in(Ops tf, Class<T> type) {
        return new Inputs<>(
                type,
                tf.placeholder(TInt32.class, open(2)),
                tf.placeholder(TInt32.class, open(2)),
                tf.placeholder(type, open(2)),
                tf.placeholder(TInt32.class, open(1)));
    }

    void feed(Session.Runner runner, Batch batch, Tensors open) {
        feed(runner, batch, batch.mask(), open);
    }

    /** With another mask than the batch's. */
    void feed(Session.Runner runner, Batch batch, double[] seen, Tensors open) {
        Shape shape = Shape.of(batch.rows().length, batch.width());
        runner.feed(ids, open.add(ints(shape, batch.ids())))
                .feed(types, open.add(ints(shape, batch.types())))
                .feed(mask, open.add(Tensors.of(type, shape.asArray(), seen)))
                .feed(tasks, open.add(ints(Shape.of(batch.rows().length), batch.tasks())));
    }

    /** A tensor of its own memory; row-major values. */
    static TInt32 ints(Shape shape, int[] values) {
        return TInt32.tensorOf(shape, DataBuffers.of(values, true, false));
    }

    /** A shape of which only the rank is known. */
    static Placeholder.Options open(int rank) {
        long[] dims = new long[rank];
        Arrays.fill(dims, -1);
        return Placeholder.shape(Shape.of(dims));
    }
}
