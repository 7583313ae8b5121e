package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * LoPT. Its first form is P = U V with U [length, rank] and V [rank, width]. Its second is P = relu(X U) V with X [length,
 * width] frozen, U [width, rank] and V [rank, width]. There is no code: the starts (uniform in ±0.5 in the first form, in
 * ±1/sqrt(inputs) in the second), relu, and X as token rows that the seed draws are our reconstruction.
 */
final class Lopt implements Method {
    private static final String PRODUCT = "product";
    private static final String PROJECTION = "projection";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lopt", "LoPT")
                .of(Family.SOFT_PROMPT)
                .idea("The prompt is a low-rank product, or a low-rank image of frozen token rows.")
                .trains("Two thin matrices.")
                .cites(
                        "Guo, Damani, Chang: LoPT: Low-Rank Prompt Tuning for Parameter Efficient Language Models. 2024",
                        "https://arxiv.org/abs/2406.19486")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("rank", 5, 1, 1024, "Inner width of the product."),
                        Setting.choice(
                                "form",
                                PRODUCT,
                                List.of(PRODUCT, PROJECTION),
                                "Two trained matrices, or frozen token rows between which and the prompt they stand."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        int rank = settings.integer("rank");
        boolean product = settings.text("form").equals(PRODUCT);
        return new SoftPrompt<>(
                vars,
                length,
                (pass, at, table) -> product
                        ? product(pass, vars, at, length, rank)
                        : projection(pass, vars, at, table, length, rank));
    }

    private static <T extends TFloating> Operand<T> product(
            Pass<T> pass, Vars<T> vars, Joint at, int length, int rank) {
        Operand<T> left = vars.fresh(at, "prompt_left", Init.uniform(0.5), length, rank);
        return pass.tf().linalg.matMul(left, vars.fresh(at, "prompt_right", Init.uniform(0.5), rank, at.out()));
    }

    private static <T extends TFloating> Operand<T> projection(
            Pass<T> pass, Vars<T> vars, Joint at, Joint table, int length, int rank) {
        Ops tf = pass.tf();
        int width = at.out();
        Init sampled = Init.rows(table.tensor(Kind.WEIGHT), Start.COMMON);
        Operand<T> fixed = vars.fresh(at + ".prompt_fixed", Share.FROZEN, 1, sampled, length, width);
        Operand<T> left = vars.fresh(at, "prompt_left", Init.uniform(1 / Math.sqrt(width)), width, rank);
        Operand<T> right = vars.fresh(at, "prompt_right", Init.uniform(1 / Math.sqrt(rank)), rank, width);
        return tf.linalg.matMul(tf.nn.relu(tf.linalg.matMul(fixed, left)), right);
    }
}
