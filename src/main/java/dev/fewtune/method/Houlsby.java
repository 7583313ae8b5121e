package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/**
 * Houlsby adapters: out + gelu(out D + d) U + u after each attention to the own stack and each feed-forward sub-layer,
 * with D [width, bottleneck]; the layer norms of the layers, and the last one of a stack, train too. Matrices start as
 * truncated normal with deviation 0.001 and vectors as zero, as in the official code (the paper says 0.01). The norm of
 * the embeddings stays frozen, which is our reading.
 */
final class Houlsby implements Method {
    /** Both matrices start so. */
    static final Init START = Init.truncatedNormal(1e-3);

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("houlsby", "Houlsby adapters")
                .of(Family.ADAPTER)
                .idea("A small bottleneck network stands after each sub-layer.")
                .trains("Two adapters in each layer, and the layer norms.")
                .cites(
                        "Houlsby, Giurgiu, Jastrzebski, Morrone, de Laroussilhe, Gesmundo, Attariyan, Gelly: "
                                + "Parameter-Efficient Transfer Learning for NLP. ICML 2019",
                        "https://arxiv.org/abs/1902.00751")
                .learningRate(new Rates(6e-3, 3e-4, 3e-4))
                .folds(Fold.STAYS)
                .memory("Few moments; activations down to the lowest adapter.")
                .settings(Bottleneck.setting());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        Bottleneck adapter = new Bottleneck(settings.integer("bottleneck"), START, START, Curve.GELU);
        return new Inserted<>(vars, adapter, Inserted.BOTH, 0, true);
    }
}
