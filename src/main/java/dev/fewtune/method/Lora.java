package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * y = x W + (alpha / r) x A B, A [in, r] uniform in ±1/√in, B [r, out] zero (Hu et al., section 4.1; the initial values
 * of A as in the official code).
 */
final class Lora implements Method {
    private static final List<String> TARGETS = List.of("query", "key", "value", "attention_out", "ffn_in", "ffn_out");

    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "lora",
                "LoRA",
                "Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen: LoRA. ICLR 2022.",
                "https://arxiv.org/abs/2106.09685",
                2e-3,
                true,
                List.of(
                        Setting.integer(
                                "rank",
                                8,
                                1,
                                4096,
                                "Inner width r of the update; at most the smaller side of the matrix."),
                        Setting.number("alpha", 16.0, 1e-3, 1e4, "The update is scaled by alpha / rank."),
                        Setting.choices(
                                "targets", List.of("query", "value"), TARGETS, "The matrices that get an update.")));
    }

    @Override
    public <T extends TNumber> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        double scale = settings.number("alpha") / rank;
        List<Site> targets = settings.texts("targets").stream()
                .map(target -> Site.valueOf(target.toUpperCase(Locale.ROOT)))
                .toList();
        return new Graft<>() {
            @Override
            public Operand<T> project(Ops tf, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> y = tf.linalg.matMul(x, w);
                if (!targets.contains(at.site())) {
                    return y;
                }
                requireFits(rank, at);
                Operand<T> a = vars.fresh(at.name() + ".lora_a", Init.uniform(1 / Math.sqrt(at.in())), at.in(), rank);
                Operand<T> b = vars.fresh(at.name() + ".lora_b", Init.zeros(), rank, at.out());
                Operand<T> update = tf.linalg.matMul(tf.linalg.matMul(x, a), b);
                return tf.math.add(y, tf.math.mul(update, tf.dtypes.cast(tf.constant(scale), vars.type())));
            }
        };
    }

    private static void requireFits(int rank, Joint at) {
        int most = Math.min(at.in(), at.out());
        if (rank > most) {
            throw CellFailure.yours(
                    "The rank (%s) of lora is larger than %s [%s, %s] allows. Maybe a rank of at most %s.",
                    rank, at.name(), at.in(), at.out(), most);
        }
    }
}
