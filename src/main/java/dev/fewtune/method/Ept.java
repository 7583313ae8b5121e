package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/**
 * EPT. What is known of it: a short prompt P and two low-rank matrices, whose product K updates the token rows as in DePT;
 * attention from prompt to both enriches the prompt; projections into several subspaces, weighted by a gate, are added.
 * There is no code and the equations could not be read, so the rest is our reconstruction: [P + softmax(P K'/sqrt(width)) K
 * + sum_i g_i P D_i U_i; E + K], with K [positions, width] of {@link Offset}, D_i [width, inner] uniform in ±1/sqrt(width),
 * U_i zero, and g the softmax of the mean row of P times G [width, spaces], uniform in ±1/sqrt(width). 4-bit weights, which
 * the paper has, are left out.
 */
final class Ept implements Method {
    private static final String NAME = "ept";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "EPT")
                .of(Family.SOFT_PROMPT)
                .idea("DePT whose short prompt is enriched by attention and by gated projections.")
                .trains(
                        "Prompt rows, two thin matrices for the places of a text, maps into several spaces, and their gate.")
                .cites(
                        "Lan, Yang, Liu, Guo, Jiang, Zhao, Wang: EPT: Efficient Prompt Tuning by Multi-Space Projection and "
                                + "Prompt Fusion. AAAI 2025",
                        "https://arxiv.org/abs/2405.11464")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.STAYS)
                .memory("Few moments; slightly longer inputs in every layer.")
                .settings(Start.after(Offset.after(
                        Setting.integer("length", 12, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("spaces", 4, 1, 64, "Subspaces into which the prompt is projected."),
                        Setting.integer("inner", 16, 1, 1024, "Width of a subspace."))));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        return new Graft<>() {
            @Override
            public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
                if (at.site() != Site.TOKENS) {
                    return tokens;
                }
                Ops tf = pass.tf();
                Operand<T> offset = Offset.of(pass, vars, settings, at);
                Operand<T> prompt = vars.fresh(
                        at, SoftPrompt.PROMPT, Start.of(NAME, settings, length, tokens.table()), length, at.out());
                Operand<T> fused = tf.math.add(prompt, attended(pass, prompt, offset, at.out()));
                Operand<T> whole = tf.math.add(fused, projected(pass, vars, settings, at, prompt));
                return SoftPrompt.before(pass, whole, length, Offset.added(pass, offset, settings, tokens));
            }
        };
    }

    /** What the prompt finds in the offset, which is both keys and values. */
    private static <T extends TFloating> Operand<T> attended(
            Pass<T> pass, Operand<T> prompt, Operand<T> offset, int width) {
        Ops tf = pass.tf();
        Operand<T> products = tf.linalg.matMul(prompt, offset, MatMul.transposeB(true));
        Operand<T> scores = tf.math.mul(products, pass.number(1 / Math.sqrt(width)));
        return tf.linalg.matMul(tf.nn.softmax(scores), offset);
    }

    private static <T extends TFloating> Operand<T> projected(
            Pass<T> pass, Vars<T> vars, Settings settings, Joint at, Operand<T> prompt) {
        Ops tf = pass.tf();
        int width = at.out();
        int spaces = settings.integer("spaces");
        int inner = settings.integer("inner");
        Init start = Init.uniform(1 / Math.sqrt(width));
        Operand<T> mean = tf.math.mean(prompt, tf.constant(0), Mean.keepDims(true));
        Operand<T> gate = tf.nn.softmax(tf.linalg.matMul(mean, vars.fresh(at, "space_gate", start, width, spaces)));
        Operand<T> sum = null;
        for (int i = 0; i < spaces; i++) {
            Operand<T> down = vars.fresh(at, "space_" + i + "_down", start, width, inner);
            Operand<T> up = vars.fresh(at, "space_" + i + "_up", Init.zeros(), inner, width);
            Operand<T> own = tf.linalg.matMul(tf.linalg.matMul(prompt, down), up);
            Operand<T> share = tf.slice(gate, tf.constant(new int[] {0, i}), tf.constant(new int[] {1, 1}));
            Operand<T> weighted = tf.math.mul(own, share);
            sum = sum == null ? weighted : tf.math.add(sum, weighted);
        }
        return sum;
    }
}
