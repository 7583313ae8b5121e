package dev.fewtune.backbone;

import dev.fewtune.graft.Ladder;
import dev.fewtune.spec.CellFailure;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Rows of tokens cut into heads, and put together again. */
record Heads(int count, int width) {
    /**
     * @param x [batch * length, count * width]
     * @param shape batch and length
     * @return [batch, count, length, width]
     */
    <T extends TFloating> Operand<T> split(Ops tf, Operand<T> x, Operand<TInt32> shape) {
        Operand<TInt32> parts = tf.concat(List.of(shape, tf.constant(new int[] {count, width})), tf.constant(0));
        return tf.linalg.transpose(tf.reshape(x, parts), swap(tf));
    }

    /**
     * @param x [batch, count, length, width]
     * @return [batch * length, count * width]
     */
    <T extends TFloating> Operand<T> merge(Ops tf, Operand<T> x) {
        return tf.reshape(tf.linalg.transpose(x, swap(tf)), tf.constant(new int[] {-1, count * width}));
    }

    /** A width divided, rounded up. */
    static int narrowed(int width, int divisor) {
        return (width + divisor - 1) / divisor;
    }

    /** For layers that look at what has been read before, which is kept for the network itself alone. */
    static <T extends TFloating> Ladder.Narrowing<T> noMemory() {
        return (divisor, source, read) -> {
            throw CellFailure.yours(
                    "A network beside the layers cannot write texts, because what has been read is not kept "
                            + "for it. Maybe objective: head.");
        };
    }

    private static Operand<TInt32> swap(Ops tf) {
        return tf.constant(new int[] {0, 2, 1, 3});
    }
}
