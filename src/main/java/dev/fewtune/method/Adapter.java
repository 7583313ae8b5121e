package dev.fewtune.method;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** A small network of one sub-layer; its output is added to something. */
interface Adapter {
    /** [tokens, width] to the same. */
    <T extends TFloating> Operand<T> of(Vars<T> vars, Pass<T> pass, Joint at, Operand<T> x);
}
