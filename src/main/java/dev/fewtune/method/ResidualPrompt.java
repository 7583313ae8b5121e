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
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Residual prompt tuning: p + norm(relu(p D + d) U + u) for each prompt row p, with D [width, bottleneck]; one such network
 * for all rows or one for each. Linear maps start uniform in ±1/sqrt(inputs), the norm as identity, rows as sampled token
 * rows. The norm makes the second summand of unit variance, so the prompt does not start at the sampled rows. The norm can
 * be left out.
 */
final class ResidualPrompt implements Method {
    private static final String NAME = "residual-prompt";
    private static final double EPSILON = 1e-5;

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "Residual prompt tuning")
                .of(Family.SOFT_PROMPT)
                .idea("A small network with a skip connection makes the prompt rows out of trained ones.")
                .trains("Prompt rows, and a small network beside them.")
                .cites(
                        "Razdaibiedina, Mao, Khabsa, Lewis, Hou, Ba, Almahairi: Residual Prompt Tuning: Improving Prompt "
                                + "Tuning with Residual Reparameterization. Findings of ACL 2023",
                        "https://arxiv.org/abs/2305.03937")
                .learningRate(new Rates(5e-3, 5e-3, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Moments of the small network; longer inputs in every layer.")
                .settings(Start.after(
                        Setting.integer("length", 10, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("bottleneck", 400, 1, 4096, "Width of the network's middle."),
                        Setting.flag("shared", true, "Whether one network serves all rows; else each has its own."),
                        Setting.flag("norm", true, "Whether a layer norm ends the network.")));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        return new SoftPrompt<>(vars, length, (pass, at, table) -> {
            Operand<T> rows = vars.fresh(at, "prompt_rows", Start.of(NAME, settings, length, table), length, at.out());
            Operand<T> changed = changed(pass, vars, settings, at, rows, length);
            return pass.tf().math.add(rows, settings.flag("norm") ? norm(pass, vars, at, changed) : changed);
        });
    }

    /** As one batched product: networks x rows of each x width. */
    private static <T extends TFloating> Operand<T> changed(
            Pass<T> pass, Vars<T> vars, Settings settings, Joint at, Operand<T> rows, int length) {
        Ops tf = pass.tf();
        int width = at.out();
        int middle = settings.integer("bottleneck");
        int networks = settings.flag("shared") ? 1 : length;
        Operand<T> grouped = tf.reshape(rows, shape(tf, networks, length / networks, width));
        Operand<T> down = affine(pass, vars, at, "prompt_down", grouped, networks, width, middle);
        Operand<T> up = affine(pass, vars, at, "prompt_up", tf.nn.relu(down), networks, middle, width);
        return tf.reshape(up, shape(tf, length, width));
    }

    private static <T extends TFloating> Operand<T> affine(
            Pass<T> pass, Vars<T> vars, Joint at, String name, Operand<T> x, int networks, int in, int out) {
        Ops tf = pass.tf();
        Init start = Init.uniform(1 / Math.sqrt(in));
        Operand<T> w = tf.reshape(vars.fresh(at, name, start, networks * in, out), shape(tf, networks, in, out));
        Operand<T> b = tf.reshape(vars.fresh(at, name + "_bias", start, networks * out), shape(tf, networks, 1, out));
        return tf.math.add(tf.train.batchMatMul(x, w, pass.type()), b);
    }

    private static <T extends TFloating> Operand<T> norm(Pass<T> pass, Vars<T> vars, Joint at, Operand<T> x) {
        Operand<T> scale = vars.fresh(at, "prompt_norm_scale", Init.constant(1), at.out());
        return pass.norm(x, scale, vars.fresh(at, "prompt_norm_bias", Init.zeros(), at.out()), EPSILON);
    }

    private static Operand<TInt32> shape(Ops tf, int... dims) {
        return tf.constant(dims);
    }
}
