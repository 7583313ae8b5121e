package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * A bottleneck after both sub-layers, before the residual: x + gelu(x D + c) U + c' (Houlsby et al., section 2; exact
 * GELU, initial weights truncated normal with deviation 0.01). The layer norms of the blocks train too, counted apart;
 * that of the embeddings does not.
 */
final class Houlsby implements Method {
    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "houlsby",
                "Houlsby adapters",
                "Houlsby, Giurgiu, Jastrzebski, Morrone, de Laroussilhe, Gesmundo, Attariyan, Gelly:"
                        + " Parameter-Efficient Transfer Learning for NLP. ICML 2019.",
                "https://arxiv.org/abs/1902.00751",
                1e-3,
                true,
                List.of(Setting.integer("bottleneck", 48, 1, 4096, "Inner width of an adapter.")));
    }

    @Override
    public <T extends TNumber> Graft<T> graft(Vars<T> vars, Settings settings) {
        int width = settings.integer("bottleneck");
        return new Graft<>() {
            @Override
            public Operand<T> block(Ops tf, Joint at, Operand<T> in, Operand<T> out) {
                Operand<T> inside = gelu(tf, vars, affine(tf, vars, at.name() + ".down", out, at.out(), width));
                return tf.math.add(out, affine(tf, vars, at.name() + ".up", inside, width, at.out()));
            }

            @Override
            public Share trains(Joint at, Kind kind) {
                boolean norm = at.site() == Site.ATTENTION_NORM || at.site() == Site.FFN_NORM;
                return norm ? Share.NORMS : Share.FROZEN;
            }
        };
    }

    private static <T extends TNumber> Operand<T> affine(
            Ops tf, Vars<T> vars, String name, Operand<T> x, int in, int out) {
        Operand<T> w = vars.fresh(name + ".weight", Init.truncatedNormal(0.01), in, out);
        return tf.math.add(tf.linalg.matMul(x, w), vars.fresh(name + ".bias", Init.zeros(), out));
    }

    private static <T extends TNumber> Operand<T> gelu(Ops tf, Vars<T> vars, Operand<T> x) {
        Operand<T> half = tf.dtypes.cast(tf.constant(0.5), vars.type());
        Operand<T> one = tf.dtypes.cast(tf.constant(1.0), vars.type());
        Operand<T> root = tf.dtypes.cast(tf.constant(1 / Math.sqrt(2)), vars.type());
        return tf.math.mul(tf.math.mul(x, half), tf.math.add(tf.math.erf(tf.math.mul(x, root)), one));
    }
}
