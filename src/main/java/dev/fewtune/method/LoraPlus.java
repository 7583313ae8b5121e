package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * LoRA+: {@link Lora} whose B learns {@code ratio} times as fast as A. The learning rate of the training is that of A;
 * the defaults are a quarter of LoRA's, so that with ratio 16 the geometric mean of both rates is LoRA's (our choice).
 */
final class LoraPlus implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lora+", "LoRA+")
                .of(Family.REPARAMETERISATION)
                .idea("LoRA whose second matrix learns faster than its first.")
                .trains("Two thin matrices at each map, the second at a higher rate.")
                .cites(
                        "Hayou, Ghosh, Yu: LoRA+: Efficient Low Rank Adaptation of Large Models. ICML 2024",
                        "https://arxiv.org/abs/2402.12354")
                .learningRate(new Rates(1.25e-3, 5e-5, 7.5e-5))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps.")
                .settings(LowRank.settings(
                        16,
                        "The update is scaled by alpha / rank.",
                        Setting.number("ratio", 16.0, 0.01, 1000, "Learning rate of B over that of A.")));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(LoraForm.of(Map.of(), config -> false));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        LowRank low = LowRank.of("lora+", settings);
        double scale = settings.number("alpha") / low.rank();
        double ratio = settings.number("ratio");
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                return targets.hold(at)
                        ? low.updated(pass, x, w, low.pair(vars, at, ratio), scale)
                        : Graft.super.project(pass, at, x, w);
            }
        };
    }
}
