package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** How an optimizer moves one variable by its gradient. */
interface Rule<T extends TFloating> {
    /**
     * Writes the move into the graph.
     *
     * @param tf waits for all gradients
     * @param rate the learning rate of this variable at this step
     * @param decay decoupled weight decay; 0 for none
     */
    Op update(Ops tf, Variable<T> variable, Operand<T> gradient, Operand<T> rate, double decay);

    /** @param step from 0 */
    void feed(Session.Runner runner, Tensors open, long step);
}
