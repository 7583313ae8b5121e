package dev.fewtune.method;

import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Setting;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * curve(x D + d) U + u with D [width, middle] and U [middle, width]; d and u start at zero.
 *
 * @param down start of D
 * @param up start of U
 */
record Bottleneck(int middle, Init down, Init up, Curve curve) implements Adapter {
    static Setting setting() {
        return Setting.integer("bottleneck", 48, 1, 4096, "Width of the adapter's middle.");
    }

    @Override
    public <T extends TFloating> Operand<T> of(Vars<T> vars, Pass<T> pass, Joint at, Operand<T> x) {
        Ops tf = pass.tf();
        int width = at.out();
        Operand<T> inner = tf.math.add(
                pass.matMul(x, vars.fresh(at, "adapter_down", down, width, middle)),
                vars.fresh(at, "adapter_down_bias", Init.zeros(), middle));
        return tf.math.add(
                pass.matMul(curve.of(pass, inner), vars.fresh(at, "adapter_up", up, middle, width)),
                vars.fresh(at, "adapter_up_bias", Init.zeros(), width));
    }
}
