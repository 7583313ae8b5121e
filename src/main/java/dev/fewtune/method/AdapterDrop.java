package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.types.family.TFloating;

/**
 * AdapterDrop. Specialised form: {@link Houlsby} adapters and trained norms from layer {@code dropped} on; below, nothing
 * trains, so that no gradient goes there. In networks of two stacks the first layers of both are left out. The code of
 * Compacter trains the norms below, too, and loses what is to be gained. Robust form: one training for any number of
 * layers without adapters; see {@link RobustDrop}. Its norms stay frozen, as in AdapterHub.
 */
final class AdapterDrop implements Method {
    private static final String ROBUST = "robust";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("adapterdrop", "AdapterDrop")
                .of(Family.ADAPTER)
                .idea("Adapters stand in the upper layers only: in a fixed number of them, or in any.")
                .trains(
                        "Adapters of the upper layers and the norms there; in the robust form all adapters and no norms.")
                .cites(
                        "Rücklé, Geigle, Glockner, Beck, Pfeiffer, Reimers, Gurevych: AdapterDrop: On the Efficiency of "
                                + "Adapters in Transformers. EMNLP 2021",
                        "https://arxiv.org/abs/2010.11918")
                .learningRate(new Rates(6e-3, 3e-4, 3e-4))
                .folds(Fold.STAYS)
                .memory("Few moments; activations of the layers with adapters.")
                .settings(
                        Bottleneck.setting(),
                        Setting.integer("dropped", 3, 0, 1000, "First layers of each stack that get no adapter."),
                        Setting.choice(
                                "form",
                                "specialised",
                                List.of("specialised", ROBUST),
                                "Trained for this number, or for any: drawn anew at each step, and scored for each."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        Bottleneck adapter = new Bottleneck(settings.integer("bottleneck"), Houlsby.START, Houlsby.START, Curve.GELU);
        if (settings.text("form").equals(ROBUST)) {
            return new RobustDrop<>(vars, adapter, settings.integer("dropped"));
        }
        return new Inserted<>(vars, adapter, Inserted.BOTH, settings.integer("dropped"), true);
    }
}
