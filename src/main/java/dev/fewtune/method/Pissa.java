package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * PiSSA: y = x W + x (A B - A0 B0), where W = U S V^T and A0 = U sqrt(S), B0 = sqrt(S) V^T of the largest singular
 * values; A and B start there, too. The paper trains A B beside the rest W - A0 B0; the sum is the same, and W stays as
 * it is, so that others may share it. A0 and B0 are found again from W wherever they are needed. There is no dropout and
 * no alpha: the paper has alpha = rank. Weight decay pulls W's principal part towards zero, so 0 suits it best.
 */
final class Pissa implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("pissa", "PiSSA")
                .of(Family.REPARAMETERISATION)
                .idea("LoRA that begins with the principal part of the matrix.")
                .trains("Two thin matrices at each map.")
                .cites(
                        "Meng, Wang, Zhang: PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large "
                                + "Language Models. NeurIPS 2024",
                        "https://arxiv.org/abs/2404.02948")
                .learningRate(new Rates(1.5e-3, 7e-5, 1e-4))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps; a singular value decomposition of each at the start.")
                .settings(LowRank.rankSetting(), Targets.setting());
    }

    /** As a LoRA of twice the rank, which holds what has been learned and takes away where that began. */
    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(LoraForm.of(
                settings -> LoraForm.fields(2 * settings.integer("rank"), 2.0 * settings.integer("rank")),
                config -> false));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        Targets targets = Targets.of(settings);
        Map<Joint, Principal> known = new ConcurrentHashMap<>();
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> y = Graft.super.project(pass, at, x, w);
                if (!targets.hold(at)) {
                    return y;
                }
                LowRank.requireFit("pissa", rank, at);
                LowRank.Pair<T> now = pair(at, "pissa_a", "pissa_b", Share.METHOD);
                LowRank.Pair<T> start = pair(at, "pissa_a0", "pissa_b0", Share.FROZEN);
                vars.collapses(
                        at,
                        "lora_a",
                        pass.tf().concat(List.of(now.a(), start.a()), pass.tf().constant(1)));
                vars.collapses(
                        at,
                        "lora_b",
                        pass.tf()
                                .concat(
                                        List.of(now.b(), pass.tf().math.neg(start.b())),
                                        pass.tf().constant(0)));
                return pass.tf().math.add(y, pass.tf().math.sub(now.of(pass, x), start.of(pass, x)));
            }

            private LowRank.Pair<T> pair(Joint at, String a, String b, Share share) {
                Init left = (shape, random, weights) -> principal(at, weights).left();
                Init right = (shape, random, weights) -> principal(at, weights).right();
                return new LowRank.Pair<>(
                        vars.fresh(at + "." + a, share, 1, left, at.in(), rank),
                        vars.fresh(at + "." + b, share, 1, right, rank, at.out()));
            }

            private Principal principal(Joint at, dev.fewtune.graft.Weights weights) {
                return known.computeIfAbsent(at, joint -> Principal.of(joint, weights, rank));
            }
        };
    }
}
