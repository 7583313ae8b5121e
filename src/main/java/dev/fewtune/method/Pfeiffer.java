package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/**
 * Pfeiffer adapters: out + relu(out D + d) U + u after each feed-forward sub-layer, matrices from N(0, 0.02²), norms
 * frozen, sizes as in AdapterHub. There, D reads the norm of out and what it is added to; here, as with {@link Houlsby},
 * it reads out alone. Hence the mark of a reconstruction. (The code of Compacter calls adapters after attention so.)
 */
final class Pfeiffer implements Method {
    private static final Init START = Init.normal(0.02);

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("pfeiffer", "Pfeiffer adapters")
                .of(Family.ADAPTER)
                .idea("A small bottleneck network stands after each feed-forward sub-layer.")
                .trains("An adapter behind each feed-forward sub-layer.")
                .cites(
                        "Pfeiffer, Kamath, Rücklé, Cho, Gurevych: AdapterFusion: Non-Destructive Task Composition for "
                                + "Transfer Learning. EACL 2021",
                        "https://arxiv.org/abs/2005.00247")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(6e-3, 3e-4, 3e-4))
                .folds(Fold.STAYS)
                .memory("Few moments; activations down to the lowest adapter.")
                .settings(Bottleneck.setting());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        Bottleneck adapter = new Bottleneck(settings.integer("bottleneck"), START, START, Curve.RELU);
        return new Inserted<>(vars, adapter, Inserted.FEED_FORWARD, 0, false);
    }
}
