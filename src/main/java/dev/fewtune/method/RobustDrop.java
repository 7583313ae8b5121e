package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Ladder;
import dev.fewtune.graft.Levels;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TFloating;

/**
 * Adapters in all layers, of which the first n are left out: in training, n is drawn anew for each batch, uniform from 0 to
 * the number of layers less one, the same for all stacks; in use, it is a number that is held. Norms stay as pretrained, so
 * that below the adapters the network is the pretrained one.
 */
final class RobustDrop<T extends TFloating> implements Graft<T> {
    static final String DROPPED = "adapterdrop.dropped";

    private final Vars<T> vars;
    private final Adapter adapter;
    private final int dropped;
    private int layers;

    /** @param dropped in use */
    RobustDrop(Vars<T> vars, Adapter adapter, int dropped) {
        this.vars = vars;
        this.adapter = adapter;
        this.dropped = dropped;
    }

    @Override
    public void begin(Pass<T> pass, Ladder<T> ladder) {
        layers = Math.max(layers, ladder.layers());
    }

    @Override
    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
        if (!Inserted.BOTH.contains(at.site())) {
            return out;
        }
        Ops tf = pass.tf();
        Operand<T> first = pass.chance()
                .<Operand<T>>map(chance -> tf.math.floor(tf.math.mul(chance, pass.number(layers))))
                .orElse(held(pass));
        Operand<TBool> stands = tf.math.greaterEqual(pass.number(at.layer()), first);
        return tf.select(stands, tf.math.add(out, adapter.of(vars, pass, at, out)), out);
    }

    @Override
    public Optional<Levels> levels() {
        return layers == 0 ? Optional.empty() : Optional.of(new Levels(DROPPED, layers, "dropped_layers"));
    }

    private Operand<T> held(Pass<T> pass) {
        Operand<T> one = vars.fresh(DROPPED, Share.HELD, 1, Init.constant(Math.min(dropped, layers - 1)), 1);
        return pass.tf().reshape(one, pass.tf().constant(new int[0]));
    }
}
