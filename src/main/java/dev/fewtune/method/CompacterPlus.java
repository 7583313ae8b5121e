package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/** Compacter++: {@link Compacter} after feed-forward sub-layers only; all layer norms of the layers train as there. */
final class CompacterPlus implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("compacter++", "Compacter++")
                .of(Family.ADAPTER)
                .idea("Compacter after feed-forward sub-layers only.")
                .trains(
                        "Factors of the matrices of one adapter in each layer, a rule that all share, and the layer norms.")
                .cites(
                        "Karimi Mahabadi, Henderson, Ruder: Compacter: Efficient Low-Rank Hypercomplex Adapter Layers. "
                                + "NeurIPS 2021",
                        "https://arxiv.org/abs/2106.04647")
                .learningRate(new Rates(1e-2, 3e-3, 3e-3))
                .folds(Fold.STAYS)
                .memory("Few moments; activations down to the lowest adapter.")
                .settings(Hypercomplex.settings());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Inserted<>(vars, Hypercomplex.of("compacter++", settings), Inserted.FEED_FORWARD, 0, true);
    }
}
