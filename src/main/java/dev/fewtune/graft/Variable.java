package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * One variable of a graph.
 *
 * @param shape in row-major order
 * @param share FROZEN where it does not train
 * @param decays whether weight decay acts on it: matrices only
 * @param init null for a pretrained tensor
 * @param feed placeholder of its value, for {@code assign}
 */
public record Variable<T extends TNumber>(
        String name,
        long[] shape,
        Share share,
        boolean decays,
        Init init,
        Operand<? extends TType> handle,
        Operand<T> read,
        Operand<T> feed,
        Op assign) {
    public int size() {
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        return Math.toIntExact(size);
    }

    public boolean trains() {
        return share != Share.FROZEN;
    }
}
