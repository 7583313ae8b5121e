package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/**
 * AdapterDrop, specialised form: {@link Houlsby} adapters and trained norms from layer {@code dropped} on; below, nothing
 * trains, so that no gradient goes there. In networks of two stacks the first layers of both are left out. The code of
 * Compacter trains the norms below, too, and loses what is to be gained.
 */
final class AdapterDrop implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("adapterdrop", "AdapterDrop")
                .of(Family.ADAPTER)
                .idea("Adapters stand in the upper layers only.")
                .cites(
                        "Rücklé, Geigle, Glockner, Beck, Pfeiffer, Reimers, Gurevych: AdapterDrop: On the Efficiency of "
                                + "Adapters in Transformers. EMNLP 2021",
                        "https://arxiv.org/abs/2010.11918")
                .learningRate(new Rates(6e-3, 3e-4, 3e-4))
                .folds(Fold.STAYS)
                .memory("Few moments; activations of the layers with adapters.")
                .settings(
                        Bottleneck.setting(),
                        Setting.integer("dropped", 3, 0, 1000, "First layers of each stack that get no adapter."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        Bottleneck adapter = new Bottleneck(settings.integer("bottleneck"), Houlsby.START, Houlsby.START, Curve.GELU);
        return new Inserted<>(vars, adapter, Inserted.BOTH, settings.integer("dropped"), true);
    }
}
