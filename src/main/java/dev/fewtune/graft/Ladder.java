package dev.fewtune.graft;

import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A stack of layers that a method may follow, and beside which it may build narrower ones by the same code.
 *
 * @param at the stack; the width is that of its layers
 * @param layers how many there are
 * @param in [tokens, width], what enters the first one
 * @param reads the stack whose states this one looks at; null for none
 */
public record Ladder<T extends TFloating>(Joint at, int layers, Operand<T> in, String reads, Narrowing<T> narrowing) {
    /** Builds the layers anew with widths divided, rounded up to what the architecture needs; as many heads as before. */
    @FunctionalInterface
    public interface Narrowing<T extends TFloating> {
        /**
         * @param source of the tensors of the narrower layers
         * @param read [tokens, narrower width], what the layers look at in the place of the other stack's states; null
         *     where there is none
         */
        Narrow<T> of(int divisor, Source<T> source, Operand<T> read);
    }

    /**
     * Narrower layers.
     *
     * @param layer what each of them does
     * @param norm what stands behind the last one
     */
    public record Narrow<T extends TFloating>(
            int width, IntFunction<UnaryOperator<Operand<T>>> layer, UnaryOperator<Operand<T>> norm) {}

    /** Where the tensors of layers come from. */
    @FunctionalInterface
    public interface Source<T extends TFloating> {
        Operand<T> of(Joint at, Kind kind, long... shape);
    }
}
