package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** The end of one optimizer step, once all variables have moved. Names are those of the variables. */
public interface Step<T extends TFloating> {
    Ops tf();

    /** The number of this step, from 1; a scalar. */
    Operand<TFloat64> now();

    /** The number of steps of the whole training; a scalar. */
    Operand<TFloat64> total();

    /** By which a trained variable has moved: of the whole step, and clipped where gradients are. */
    Operand<T> gradient(String name);

    /** What a trained variable is after the move. */
    Operand<T> moved(String name);

    /** Sets a trained variable; what it was is to be asked for by {@link #moved}. */
    Op set(String name, Operand<T> value);

    /**
     * Something that is kept from step to step, and over an interruption; zero before the first step. It is no parameter,
     * and no part of what a training delivers.
     */
    Kept<T> kept(String name, long... shape);

    /**
     * One of them.
     *
     * @param before what it was before this step
     */
    interface Kept<T extends TFloating> {
        Operand<T> before();

        Op set(Operand<T> value);
    }
}
