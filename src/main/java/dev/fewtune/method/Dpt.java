package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * DPT: P = A B with A [length, rank] and B [rank, width], both uniform in ±0.5 at the start as in the official code;
 * (length + width) rank parameters.
 */
final class Dpt implements Method {
    private static final Init START = Init.uniform(0.5);

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("dpt", "DPT")
                .of(Family.SOFT_PROMPT)
                .idea("The prompt is the product of two thin matrices.")
                .trains("Two thin matrices.")
                .cites(
                        "Xiao, Xu, Li, Lu, Li: Decomposed Prompt Tuning via Low-Rank Reparameterization. Findings of EMNLP "
                                + "2023",
                        "https://arxiv.org/abs/2310.10094")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("rank", 10, 1, 1024, "Inner width of the product."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        int rank = settings.integer("rank");
        return new SoftPrompt<>(vars, length, (pass, at, table) -> {
            Operand<T> left = vars.fresh(at, "prompt_left", START, length, rank);
            Operand<T> right = vars.fresh(at, "prompt_right", START, rank, at.out());
            return pass.tf().linalg.matMul(left, right);
        });
    }
}
