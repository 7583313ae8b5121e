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
 * rsLoRA: {@link Lora} whose update is scaled by alpha / sqrt(rank), so that its size does not shrink where the rank
 * grows. At the same alpha it is sqrt(rank) times that of LoRA, hence the lower learning rates, which are our choice.
 */
final class RsLora implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("rslora", "rsLoRA")
                .of(Family.REPARAMETERISATION)
                .idea("LoRA, scaled so that high ranks learn as fast as low ones.")
                .trains("Two thin matrices at each map.")
                .cites(
                        "Kalajdzievski: A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA. 2023",
                        "https://arxiv.org/abs/2312.03732")
                .learningRate(new Rates(3e-3, 1e-4, 2e-4))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps.")
                .settings(LowRank.settings(16, "The update is scaled by alpha / sqrt(rank)."));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(LoraForm.of(
                Map.of(LoraForm.RANKS, true), config -> config.flag(LoraForm.RANKS) && !config.flag(LoraForm.LENGTHS)));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        LowRank low = LowRank.of("rslora", settings);
        double scale = settings.number("alpha") / Math.sqrt(low.rank());
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                return targets.hold(at)
                        ? low.updated(pass, x, w, low.pair(vars, at), scale)
                        : Graft.super.project(pass, at, x, w);
            }
        };
    }
}
