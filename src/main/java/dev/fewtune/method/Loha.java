package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
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
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * LoHa: y = x W + alpha/rank x ((A1 B1) * (A2 B2)) with A1, A2 [in, rank] and B1, B2 [rank, out], so that the update may
 * have rank². A1 is uniform in ±1/sqrt(in), B1 and B2 in ±1/sqrt(rank), A2 is zero, as in PEFT and LyCORIS.
 */
final class Loha implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("loha", "LoHa")
                .of(Family.REPARAMETERISATION)
                .idea("The entry-wise product of two low-rank matrices is added to some linear maps.")
                .trains("Four thin matrices at each map.")
                .cites(
                        "Hyeon-Woo, Ye-Bin, Oh: FedPara: Low-rank Hadamard Product for Communication-Efficient Federated "
                                + "Learning. ICLR 2022",
                        "https://arxiv.org/abs/2108.06098")
                .learningRate(new Rates(5e-3, 1e-3, 1e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps, and matrices of the size of each.")
                .settings(
                        LowRank.rankSetting(),
                        Setting.number("alpha", 8.0, 0.001, 100_000, "The update is scaled by alpha / rank."),
                        Targets.setting());
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of("LOHA", Loha::fields, Loha::settings)
                .with("loha_a1", "hada_w1_b", PeftForm.Turn.TURNED)
                .with("loha_b1", "hada_w1_a", PeftForm.Turn.TURNED)
                .with("loha_a2", "hada_w2_b", PeftForm.Turn.TURNED)
                .with("loha_b2", "hada_w2_a", PeftForm.Turn.TURNED));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        double scale = settings.number("alpha") / rank;
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (!targets.hold(at)) {
                    return Graft.super.project(pass, at, x, w);
                }
                LowRank.requireFit("loha", rank, at);
                Ops tf = pass.tf();
                Operand<T> first =
                        pair(at, "1", Init.uniform(1 / Math.sqrt(at.in()))).product(pass);
                Operand<T> second = pair(at, "2", Init.zeros()).product(pass);
                Operand<T> update = tf.math.mul(tf.math.mul(first, second), pass.number(scale));
                return pass.matMul(x, tf.math.add(w, update));
            }

            private LowRank.Pair<T> pair(Joint at, String number, Init left) {
                return new LowRank.Pair<>(
                        vars.fresh(at, "loha_a" + number, left, at.in(), rank),
                        vars.fresh(at, "loha_b" + number, Init.uniform(1 / Math.sqrt(rank)), rank, at.out()));
            }
        };
    }

    private static Map<String, Object> fields(Settings settings) {
        return Map.of("r", settings.integer("rank"), "alpha", settings.number("alpha"));
    }

    private static Map<String, Object> settings(PeftConfig config) {
        config.refuse("rank_pattern", "alpha_pattern", "use_effective_conv2d");
        return Map.of("rank", config.integer("r", 8), "alpha", config.number("alpha", 8));
    }
}
