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
import org.tensorflow.types.family.TFloating;

/**
 * LoKr: y = x W + alpha/rank x (A ⊗ B), with A and B as the widths factor: 768 x 768 into 24 x 24 and 32 x 32, or as
 * {@code factor} says. B is itself a product of rank {@code rank} where that is less than half of its larger side, and so
 * is A with {@code decompose_both}. A (or its second factor) is zero, the others Kaiming-uniform, as in PEFT. The scale is
 * alpha / rank even where both are whole, as there.
 */
final class Lokr implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lokr", "LoKr")
                .of(Family.REPARAMETERISATION)
                .idea("A Kronecker product of two small matrices is added to some linear maps.")
                .trains("Two small matrices at each map, or thin factors of them.")
                .cites(
                        "Yeh, Hsieh, Gao, Yang, Oh, Gong: Navigating Text-To-Image Customization: From LyCORIS "
                                + "Fine-Tuning to Model Evaluation. ICLR 2024",
                        "https://arxiv.org/abs/2309.14859")
                .learningRate(new Rates(1e-2, 3e-3, 3e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps.")
                .settings(
                        LowRank.rankSetting(),
                        Setting.number("alpha", 8.0, 0.001, 100_000, "The update is scaled by alpha / rank."),
                        Setting.integer(
                                "factor", 0, 0, 4096, "First factor of each width; 0 for the most even factors."),
                        Setting.flag("decompose_both", false, "Whether the first matrix may be of low rank, too."),
                        Targets.setting());
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of("LOKR", Lokr::fields, Lokr::settings)
                .with("lokr_a", "lokr_w1", PeftForm.Turn.TURNED)
                .with("lokr_a_in", "lokr_w1_b", PeftForm.Turn.TURNED)
                .with("lokr_a_out", "lokr_w1_a", PeftForm.Turn.TURNED)
                .with("lokr_b", "lokr_w2", PeftForm.Turn.TURNED)
                .with("lokr_b_in", "lokr_w2_b", PeftForm.Turn.TURNED)
                .with("lokr_b_out", "lokr_w2_a", PeftForm.Turn.TURNED));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        int factor = settings.integer("factor");
        boolean both = settings.flag("decompose_both");
        double scale = settings.number("alpha") / rank;
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> y = Graft.super.project(pass, at, x, w);
                if (!targets.hold(at)) {
                    return y;
                }
                Factors in = factors(at.in());
                Factors out = factors(at.out());
                Operand<T> a = first(pass, at, in.first(), out.first());
                Operand<T> b = second(pass, at, in.second(), out.second());
                Operand<T> update = Kronecker.times(pass, x, a, b, in, out);
                return pass.tf().math.add(y, pass.tf().math.mul(update, pass.number(scale)));
            }

            private Factors factors(int width) {
                return factor == 0 ? Factors.square(width) : Factors.of(width, factor);
            }

            private Operand<T> first(Pass<T> pass, Joint at, int in, int out) {
                return both && thin(in, out)
                        ? thin(pass, at, "lokr_a", in, out, Init.zeros())
                        : vars.fresh(at, "lokr_a", Init.zeros(), in, out);
            }

            private Operand<T> second(Pass<T> pass, Joint at, int in, int out) {
                return thin(in, out)
                        ? thin(pass, at, "lokr_b", in, out, Init.uniform(1 / Math.sqrt(rank)))
                        : vars.fresh(at, "lokr_b", Init.uniform(1 / Math.sqrt(in)), in, out);
            }

            private boolean thin(int in, int out) {
                return 2 * rank < Math.max(in, out);
            }

            private Operand<T> thin(Pass<T> pass, Joint at, String name, int in, int out, Init right) {
                Init left = Init.uniform(1 / Math.sqrt(in));
                return new LowRank.Pair<>(
                                vars.fresh(at, name + "_in", left, in, rank),
                                vars.fresh(at, name + "_out", right, rank, out))
                        .product(pass);
            }
        };
    }

    private static Map<String, Object> fields(Settings settings) {
        int factor = settings.integer("factor");
        return Map.of(
                "r", settings.integer("rank"),
                "alpha", settings.number("alpha"),
                "decompose_both", settings.flag("decompose_both"),
                "decompose_factor", factor == 0 ? -1 : factor);
    }

    private static Map<String, Object> settings(PeftConfig config) {
        config.refuse("rank_pattern", "alpha_pattern", "use_effective_conv2d");
        return Map.of(
                "rank", config.integer("r", 8),
                "alpha", config.number("alpha", 8),
                "decompose_both", config.flag("decompose_both"),
                "factor", Math.max(0, config.integer("decompose_factor", -1)));
    }
}
