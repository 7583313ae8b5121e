package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.types.family.TFloating;

/**
 * LN-tuning: every layer norm trains, its multiplier and its bias, that of the embeddings included. They are trained in
 * place, as in the paper; PEFT trains copies, which gives the same numbers.
 */
final class LnTuning implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("ln-tuning", "LN-tuning")
                .of(Family.SELECTION)
                .idea("Only the layer norms learn.")
                .trains("Multipliers and biases of all layer norms.")
                .cites(
                        "Qi, Ruan, Zuo, Li: Parameter-Efficient Tuning on Layer Normalization for Pre-trained Language "
                                + "Models. 2022",
                        "https://arxiv.org/abs/2211.08682")
                .learningRate(new Rates(1e-2, 1e-3, 3e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the norms.")
                .settings();
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of("LN_TUNING", settings -> Map.of(), config -> Map.of())
                .with("scale", "ln_tuning_layers.weight", PeftForm.Turn.SAME, "")
                .with("bias", "ln_tuning_layers.bias", PeftForm.Turn.SAME, ""));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Graft<>() {
            @Override
            public Share trains(Joint at, Kind kind) {
                return Norms.all(at) ? Share.METHOD : Share.FROZEN;
            }
        };
    }
}
