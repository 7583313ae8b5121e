package dev.fewtune.graft;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.types.family.TFloating;

/** What a method does at the joints of a backbone. Every joint passes through unchanged unless overridden. */
public interface Graft<T extends TFloating> {
    /**
     * A linear map, before its bias.
     *
     * @param x [tokens, in]
     * @param w [in, out]
     * @return [tokens, out]
     */
    default Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
        Operand<T> y = pass.matMul(x, w);
        return change(pass, at, x, w)
                .<Operand<T>>map(more -> pass.tf().math.add(y, more))
                .orElse(y);
    }

    /**
     * What is added to the product of a linear map, [tokens, out]; empty for nothing. A method whose change is a sum says
     * it here, so that others may scale it.
     */
    default Optional<Operand<T>> change(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
        return Optional.empty();
    }

    /**
     * What a linear map without a bias of its own gives; the place where a method may add one.
     *
     * @param y [tokens, out]
     */
    default Operand<T> shift(Pass<T> pass, Joint at, Operand<T> y) {
        return y;
    }

    /**
     * What a linear map gives, its bias included.
     *
     * @param y [tokens, out]
     */
    default Operand<T> mapped(Pass<T> pass, Joint at, Operand<T> y) {
        return y;
    }

    /**
     * A sub-layer's output, after its dropout and before the residual sum and the norm.
     *
     * @param in [tokens, width], what entered the sub-layer
     * @param out [tokens, width]
     */
    default Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
        return out;
    }

    /** Token rows before positions and norm. */
    default Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
        return tokens;
    }

    /** Told before the first layer of a stack. */
    default void begin(Pass<T> pass, Ladder<T> ladder) {}

    /**
     * Told after each layer.
     *
     * @param out [tokens, width], what leaves it
     */
    default void tap(Pass<T> pass, Joint at, Operand<T> out) {}

    /**
     * The states that leave the network.
     *
     * @param states [batch, length, width]
     */
    default Operand<T> finish(Pass<T> pass, Joint at, Operand<T> states) {
        return states;
    }

    /**
     * Keys and values of one attention; what a method adds stands before those that are given.
     *
     * @param in [tokens, width], what entered the sub-layer
     */
    default KeyValue<T> keyValue(Pass<T> pass, Joint at, Operand<T> in, KeyValue<T> kv) {
        return kv;
    }

    /**
     * What is added to the loss, a scalar; empty for nothing. Asked once, after the network of a pass that learns has been
     * written.
     */
    default Optional<Operand<T>> penalty(Pass<T> pass) {
        return Optional.empty();
    }

    /** What the network is to imitate besides; empty for nothing. Asked once, as {@link #penalty}. */
    default Optional<Teacher<T>> teacher() {
        return Optional.empty();
    }

    /** What is to be done at the end of each optimizer step. */
    default List<Op> afterStep(Step<T> step) {
        return List.of();
    }

    /** The parts of a training. Asked once, after the network of a pass that learns has been written. */
    default List<Phase<T>> phases() {
        return List.of(Phase.plain());
    }

    /** In how many ways it may be used, once it is trained; empty for the one that the settings say. */
    default Optional<Levels> levels() {
        return Optional.empty();
    }

    /**
     * The matrix of a new head.
     *
     * @param w [width, numbers]
     */
    default Operand<T> head(Pass<T> pass, Joint at, Operand<T> w) {
        return w;
    }

    /** Whether a new head trains, where the settings of the training do not say otherwise. */
    default boolean trainsHead() {
        return true;
    }

    /** Whether a pretrained tensor trains, and under which count. */
    default Share trains(Joint at, Kind kind) {
        return Share.FROZEN;
    }
}
