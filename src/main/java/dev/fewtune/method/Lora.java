package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * LoRA: y = x W + alpha/rank (drop(x) A) B with A [in, rank] and B [rank, out]. A is uniform in ±1/sqrt(in) (Kaiming
 * with a = sqrt 5, as in the official code; the paper says Gaussian), B is zero.
 */
final class Lora implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lora", "LoRA")
                .of(Family.REPARAMETERISATION)
                .idea("The product of two thin matrices is added to some linear maps.")
                .trains("Two thin matrices at each map.")
                .cites(
                        "Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen: LoRA: Low-Rank Adaptation of Large Language "
                                + "Models. ICLR 2022",
                        "https://arxiv.org/abs/2106.09685")
                .learningRate(new Rates(5e-3, 2e-4, 3e-4))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps.")
                .settings(LowRank.settings(16, "The update is scaled by alpha / rank."));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(
                LoraForm.of(Map.of(), config -> !config.flag(LoraForm.LENGTHS) && !config.flag(LoraForm.RANKS)));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        LowRank low = LowRank.of("lora", settings);
        double scale = settings.number("alpha") / low.rank();
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Optional<Operand<T>> change(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                return targets.hold(at)
                        ? Optional.of(low.change(pass, x, low.pair(vars, at), scale))
                        : Optional.empty();
            }
        };
    }
}
