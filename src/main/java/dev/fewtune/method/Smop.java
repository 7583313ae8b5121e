package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
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
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * SMoP: a router picks one of several short prompts for each text. With m the mean token row of a text, padding left out,
 * p = softmax(m W), and the prompt of the largest p is put before the text, multiplied by that p, through which W learns. In
 * training the scores s = m W are disturbed to s + noise e s with e of N(0, 1), whose factor s counts as a constant. W
 * [width, prompts] starts with orthogonal columns of length 1. The load balancing that the code offers is left out.
 */
final class Smop implements Method {
    private static final String NAME = "smop";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "SMoP")
                .of(Family.SOFT_PROMPT)
                .idea("A router picks one of several short prompts for each text.")
                .trains("Several short prompts and a router.")
                .cites(
                        "Choi, Kim, Park, Mok, Lee: SMoP: Towards Efficient and Effective Prompt Tuning with Sparse "
                                + "Mixture-of-Prompts. EMNLP 2023",
                        "https://aclanthology.org/2023.emnlp-main.884")
                .learningRate(new Rates(3e-2, 3e-2, 0.5))
                .folds(Fold.STAYS)
                .memory("Few moments; slightly longer inputs in every layer.")
                .settings(Start.after(
                        Setting.integer("length", 5, 1, 500, "Number of rows of each prompt; they shorten the text."),
                        Setting.integer("prompts", 4, 1, 64, "Number of prompts."),
                        Setting.number("noise", 1.0, 0, 100, "Size of the disturbance in training.")));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        int prompts = settings.integer("prompts");
        return new Graft<>() {
            @Override
            public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
                if (at.site() != Site.TOKENS) {
                    return tokens;
                }
                Ops tf = pass.tf();
                Init start = Start.of(NAME, settings, length * prompts, tokens.table());
                Operand<T> all = vars.fresh(at, "prompts", start, (long) length * prompts, at.out());
                Operand<T> flat = tf.reshape(all, shape(tf, prompts, length * at.out()));
                Operand<T> picked = tf.linalg.matMul(picks(pass, vars, settings, at, tokens), flat);
                Operand<T> rows = tf.reshape(picked, shape(tf, -1, length, at.out()));
                return SoftPrompt.beforeEach(pass, rows, length, tokens);
            }
        };
    }

    /** The probability of the most likely prompt at its place and zero at all others, [batch, prompts]. */
    private static <T extends TFloating> Operand<T> picks(
            Pass<T> pass, Vars<T> vars, Settings settings, Joint at, Embedded<T> tokens) {
        Ops tf = pass.tf();
        int prompts = settings.integer("prompts");
        Operand<T> router = vars.fresh(at, "router", Init.orthogonal(), at.out(), prompts);
        Operand<T> scores = tf.linalg.matMul(mean(pass, tokens), router);
        Operand<T> chances = tf.nn.softmax(disturbed(pass, scores, settings.number("noise")));
        Operand<TInt64> best = tf.math.argMax(tf.stopGradient(chances), tf.constant(1));
        return tf.math.mul(chances, tf.oneHot(best, tf.constant(prompts), pass.number(1), pass.number(0)));
    }

    private static <T extends TFloating> Operand<T> disturbed(Pass<T> pass, Operand<T> scores, double noise) {
        if (noise == 0) {
            return scores;
        }
        Ops tf = pass.tf();
        Operand<T> factor = tf.math.mul(tf.stopGradient(scores), pass.number(noise));
        return tf.math.add(scores, tf.math.mul(factor, pass.noise(scores)));
    }

    /** Of the tokens that are read; zero where there is none, as before the first token that a decoder writes. */
    private static <T extends TFloating> Operand<T> mean(Pass<T> pass, Embedded<T> tokens) {
        Ops tf = pass.tf();
        Operand<T> seen = tf.expandDims(tokens.mask(), tf.constant(2));
        Operand<T> sum = tf.sum(tf.math.mul(tokens.rows(), seen), tf.constant(1));
        return tf.math.div(sum, tf.math.maximum(tf.sum(seen, tf.constant(1)), pass.number(1)));
    }

    private static Operand<TInt32> shape(Ops tf, int... dims) {
        return tf.constant(dims);
    }
}
