package dev.fewtune.graft;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * A resource variable of a graph.
 *
 * @param rate multiplies the learning rate
 * @param kept the number type of the variable itself
 * @param value widened to the type of the graph
 * @param fed the placeholder through which {@code assign} sets it
 * @param init null for a pretrained tensor
 */
public record Variable<T extends TFloating>(
        String name,
        long[] shape,
        Share share,
        double rate,
        Class<? extends TFloating> kept,
        Operand<? extends TType> handle,
        Operand<T> value,
        Operand<? extends TFloating> fed,
        Op assign,
        Init init) {
    public long size() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** Weight decay acts on matrices only. */
    public boolean decays() {
        return shape.length > 1;
    }
}
