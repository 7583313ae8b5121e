package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * SuperPos-Prompt: each prompt row is a sum of sampled token rows, C B with C [length, sampled] trained and without softmax,
 * and B [sampled, width]. Whether the basis B trains, and whether each row has its own, could not be read, and there is no
 * code: it is a setting here. C starts as N(0, 1/sampled), or as single rows of the basis; that, too, is our
 * reconstruction. A frozen basis is nowhere saved, as the seed of the training draws it again. The paper also turns off
 * the dropout inside the backbone ({@code backbone_dropout: false}).
 */
final class SuperPos implements Method {
    private static final String FROZEN = "frozen";
    private static final String PER_ROW = "per-row";
    private static final String SINGLE = "single";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("superpos", "SuperPos-Prompt")
                .of(Family.SOFT_PROMPT)
                .idea("Each prompt row is a trained mixture of sampled token rows.")
                .trains("How much of sampled token rows each prompt row has; with some bases these rows, too.")
                .cites(
                        "SadraeiJavaheri, Asgari, McHardy, Rabiee: SuperPos-Prompt: Enhancing Soft Prompt Tuning of Language "
                                + "Models with Superposition of Multi Token Embeddings. PMLR 262, 2024",
                        "https://arxiv.org/abs/2406.05279")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(1e-2, 1e-2, 1e-2))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer.")
                .settings(
                        Setting.integer("length", 10, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("sampled", 128, 1, 5000, "Token rows that are mixed."),
                        Setting.choice(
                                "basis",
                                FROZEN,
                                List.of(FROZEN, "shared", PER_ROW),
                                "The token rows: frozen, trained, or trained and each prompt row's own."),
                        Setting.choice(
                                "mixture",
                                "normal",
                                List.of("normal", SINGLE),
                                "Its start: N(0, 1/sampled), or one token row for each prompt row."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        int sampled = settings.integer("sampled");
        int bases = settings.text("basis").equals(PER_ROW) ? length : 1;
        return new SoftPrompt<>(vars, length, (pass, at, table) -> {
            Ops tf = pass.tf();
            Operand<T> mixture = vars.fresh(at, "prompt_mixture", mixture(settings), length, sampled);
            Operand<T> basis = basis(vars, settings, at, table, bases * sampled);
            Operand<T> rows = tf.train.batchMatMul(
                    tf.reshape(mixture, shape(tf, bases, length / bases, sampled)),
                    tf.reshape(basis, shape(tf, bases, sampled, at.out())),
                    pass.type());
            return tf.reshape(rows, shape(tf, length, at.out()));
        });
    }

    private static Init mixture(Settings settings) {
        if (settings.text("mixture").equals(SINGLE)) {
            return SuperPos::single;
        }
        return Init.normal(1 / Math.sqrt(settings.integer("sampled")));
    }

    private static double[] single(
            long[] shape, dev.fewtune.spec.KeyedRandom random, dev.fewtune.graft.Weights weights) {
        int sampled = Math.toIntExact(shape[1]);
        double[] values = new double[Math.toIntExact(shape[0]) * sampled];
        Arrays.setAll(values, i -> i % sampled == i / sampled % sampled ? 1 : 0);
        return values;
    }

    private static <T extends TFloating> Operand<T> basis(
            Vars<T> vars, Settings settings, Joint at, Joint table, int rows) {
        Share share = settings.text("basis").equals(FROZEN) ? Share.FROZEN : Share.METHOD;
        Init start = Init.rows(table.tensor(Kind.WEIGHT), Start.COMMON);
        return vars.fresh(at + ".prompt_basis", share, 1, start, rows, at.out());
    }

    private static Operand<TInt32> shape(Ops tf, int... dims) {
        return tf.constant(dims);
    }
}
