package dev.fewtune.graft;

import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Ops of many inputs, made of ops of few. TensorFlow goes back from an op of more than eight inputs in the order of their
 * addresses; gradients that meet further down would be summed in another order in each graph, and would differ in their
 * last bits.
 */
public final class Ordered {
    /** With the axis of a concat eight inputs. */
    private static final int FEW = 7;

    private Ordered() {}

    /** @param parts one or more, all of one shape */
    public static <T extends TFloating> Operand<T> sum(Ops tf, List<Operand<T>> parts) {
        return joined(parts, few -> tf.math.addN(few));
    }

    /** @param parts one or more, of one shape but for {@code axis} */
    public static <T extends TFloating> Operand<T> concat(Ops tf, List<Operand<T>> parts, int axis) {
        return joined(parts, few -> tf.concat(few, tf.constant(axis)));
    }

    private static <T extends TFloating> Operand<T> joined(
            List<Operand<T>> parts, Function<List<Operand<T>>, Operand<T>> few) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        if (parts.size() <= FEW) {
            return few.apply(parts);
        }
        int half = parts.size() / 2;
        return few.apply(List.of(joined(parts.subList(0, half), few), joined(parts.subList(half, parts.size()), few)));
    }
}
