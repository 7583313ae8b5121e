package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * ULPT: P = Z R scale + shift, with Z [length, rank] of N(0, 1) at the start, and scale 1 and shift 0, one number per
 * column, which all train: length rank + 2 width parameters. R [rank, width] is frozen and nowhere saved, as the seed of
 * the training draws it again: uniform in ±sqrt(6/(rank + width)) as in the official code for T5, or N(0, 1) as in the
 * paper; one for all rows, or one for each group of them.
 */
final class Ulpt implements Method {
    private static final String XAVIER = "xavier";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("ulpt", "ULPT")
                .of(Family.SOFT_PROMPT)
                .idea("Prompt rows of very few numbers are thrown into the full width by a random frozen matrix.")
                .trains("A narrow prompt, and a scale and a shift for each feature.")
                .cites(
                        "Wu, Hao, Mou: Ultra-Low-Dimensional Prompt Tuning via Random Projection. EACL 2026",
                        "https://arxiv.org/abs/2502.04501")
                .learningRate(new Rates(3e-2, 1e-2, 0.6))
                .folds(Fold.COLLAPSES)
                .memory("Very few moments; longer inputs in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("rank", 64, 1, 4096, "Trained numbers of a row."),
                        Setting.integer("projections", 1, 1, 500, "Random matrices; they must divide the rows evenly."),
                        Setting.choice(
                                "projection",
                                XAVIER,
                                List.of(XAVIER, "normal"),
                                "Numbers of the random matrix: U(±sqrt(6/(rank + width))), or N(0, 1)."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        int groups = settings.integer("projections");
        if (length % groups != 0) {
            throw CellFailure.yours(
                    "The projections (%s) of ulpt must divide the length (%s). Maybe length: %s.",
                    groups, length, (length / groups + 1) * groups);
        }
        return new SoftPrompt<>(vars, length, (pass, at, table) -> {
            Ops tf = pass.tf();
            Operand<T> thrown = thrown(pass, vars, settings, at, length / groups);
            Operand<T> scale = vars.fresh(at, "prompt_scale", Init.constant(1), at.out());
            return tf.math.add(tf.math.mul(thrown, scale), vars.fresh(at, "prompt_shift", Init.zeros(), at.out()));
        });
    }

    private static <T extends TFloating> Operand<T> thrown(
            Pass<T> pass, Vars<T> vars, Settings settings, Joint at, int each) {
        Ops tf = pass.tf();
        int rank = settings.integer("rank");
        int groups = settings.integer("projections");
        Init start = settings.text("projection").equals(XAVIER)
                ? Init.uniform(Math.sqrt(6.0 / (rank + at.out())))
                : Init.normal(1);
        Operand<T> fixed = vars.fresh(at + ".projection", Share.FROZEN, 1, start, groups, rank, at.out());
        Operand<T> low = vars.fresh(at, "prompt_low", Init.normal(1), (long) groups * each, rank);
        Operand<TInt32> apart = tf.constant(new int[] {groups, each, rank});
        Operand<T> rows = tf.train.batchMatMul(tf.reshape(low, apart), fixed, pass.type());
        return tf.reshape(rows, tf.constant(new int[] {groups * each, at.out()}));
    }
}
