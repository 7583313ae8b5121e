package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TNumber;

/** A way to fine-tune: what it does at the joints, and which variables it makes. */
public interface Method {
    MethodSpec spec();

    /**
     * The method on one network. Variables are made when a joint is first asked.
     *
     * @param settings the method's own, checked and completed
     */
    <T extends TNumber> Graft<T> graft(Vars<T> vars, Settings settings);
}
