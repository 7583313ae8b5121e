package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Houlsby adapters: out + gelu(out D + d) U + u after each attention and each feed-forward sub-layer, with D [width,
 * bottleneck]; the layer norms of the blocks train too. Matrices start as truncated normal with deviation 0.001 and
 * vectors as zero, as in the official code (the paper says 0.01). The norm of the embeddings stays frozen, which is our
 * reading.
 */
final class Houlsby implements Method {
    private static final Init START = Init.truncatedNormal(1e-3);

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("houlsby", "Houlsby adapters")
                .of(Family.ADAPTER)
                .idea("A small bottleneck network stands after each sub-layer.")
                .cites(
                        "Houlsby, Giurgiu, Jastrzebski, Morrone, de Laroussilhe, Gesmundo, Attariyan, Gelly: "
                                + "Parameter-Efficient Transfer Learning for NLP. ICML 2019",
                        "https://arxiv.org/abs/1902.00751")
                .learningRate(new Rates(6e-3, 3e-4, 3e-4))
                .folds(Fold.STAYS)
                .memory("Few moments; activations down to the lowest adapter.")
                .settings(Setting.integer("bottleneck", 48, 1, 4096, "Width of the adapter's middle."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int middle = settings.integer("bottleneck");
        return new Graft<>() {
            @Override
            public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
                Ops tf = pass.tf();
                int width = at.out();
                Operand<T> down = tf.math.add(
                        pass.matMul(out, vars.fresh(at, "adapter_down", START, width, middle)),
                        vars.fresh(at, "adapter_down_bias", Init.zeros(), middle));
                Operand<T> up = pass.matMul(pass.gelu(down), vars.fresh(at, "adapter_up", START, middle, width));
                return tf.math.add(out, tf.math.add(up, vars.fresh(at, "adapter_up_bias", Init.zeros(), width)));
            }

            @Override
            public Share trains(Joint at, Kind kind) {
                boolean norm = at.site() == Site.ATTENTION_NORM || at.site() == Site.OUTPUT_NORM;
                return norm ? Share.NORMS : Share.FROZEN;
            }
        };
    }
}
