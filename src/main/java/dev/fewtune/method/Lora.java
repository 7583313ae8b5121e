package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * LoRA: y = x W + alpha/rank (drop(x) A) B with A [in, rank] and B [rank, out]. A is uniform in ±1/sqrt(in) (Kaiming
 * with a = sqrt 5, as in the official code; the paper says Gaussian), B is zero.
 */
final class Lora implements Method {
    private static final List<String> TARGETS = Stream.of(
                    Site.QUERY, Site.KEY, Site.VALUE, Site.ATTENTION_OUTPUT, Site.INTERMEDIATE, Site.OUTPUT)
            .map(Site::label)
            .toList();

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lora", "LoRA")
                .of(Family.REPARAMETERISATION)
                .idea("The product of two thin matrices is added to some linear maps.")
                .cites(
                        "Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen: LoRA: Low-Rank Adaptation of Large Language "
                                + "Models. ICLR 2022",
                        "https://arxiv.org/abs/2106.09685")
                .learningRate(new Rates(5e-3, 2e-4, 3e-4))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps.")
                .settings(
                        Setting.integer("rank", 8, 1, 1024, "Rank of the update of each matrix."),
                        Setting.number("alpha", 16.0, 0.001, 100_000, "The update is scaled by alpha / rank."),
                        Setting.number("dropout", 0.0, 0, 0.99, "Dropout on what enters the update."),
                        Setting.choices(
                                "targets", List.of("query", "value"), TARGETS, "The linear maps that are updated."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        double scale = settings.number("alpha") / rank;
        double dropout = settings.number("dropout");
        List<String> targets = settings.texts("targets");
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Ops tf = pass.tf();
                Operand<T> y = pass.matMul(x, w);
                if (!targets.contains(at.site().label())) {
                    return y;
                }
                requireFit(rank, at);
                Operand<T> a = vars.fresh(at, "lora_a", Init.uniform(1 / Math.sqrt(at.in())), at.in(), rank);
                Operand<T> b = vars.fresh(at, "lora_b", Init.zeros(), rank, at.out());
                Operand<T> low = tf.math.mul(pass.matMul(pass.dropout(x, dropout), a), pass.number(scale));
                return tf.math.add(y, pass.matMul(low, b));
            }
        };
    }

    private static void requireFit(int rank, Joint at) {
        if (rank > Math.min(at.in(), at.out())) {
            throw CellFailure.yours(
                    "The rank (%s) of lora is larger than the matrix %s, which is %s x %s. Maybe rank: %s.",
                    rank, at, at.in(), at.out(), Math.min(8, Math.min(at.in(), at.out())));
        }
    }
}
