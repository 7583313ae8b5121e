package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
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
import org.tensorflow.types.family.TFloating;

/**
 * ADePT: [P; E + f(E)] with f(e) = relu(e D + d) U + u shared by all tokens, D [width, rank]. D starts uniform in
 * ±1/sqrt(rank), all else of f as zero; the dropout before relu's end is that of the official code, which the paper does
 * not have. Length width + 2 width rank + rank + width parameters. The network's rate is far below that of the prompt.
 */
final class Adept implements Method {
    private static final String NAME = "adept";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "ADePT")
                .of(Family.SOFT_PROMPT)
                .idea("A short prompt, and a small network that moves each token row by its content.")
                .trains("Prompt rows, and one small network for all token rows.")
                .cites(
                        "Tang, Hu, Liu: ADePT: Adaptive Decomposed Prompt Tuning for Parameter-Efficient Fine-tuning. ICLR "
                                + "2025",
                        "https://arxiv.org/abs/2501.03291")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.STAYS)
                .memory("Few moments; slightly longer inputs in every layer.")
                .settings(Start.after(
                        Setting.integer("length", 12, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.integer("rank", 4, 1, 1024, "Width of the network's middle."),
                        Setting.number("dropout", 0.1, 0, 0.99, "Dropout in the network's middle."),
                        Setting.number(
                                "network_rate",
                                0.003,
                                1e-6,
                                1000,
                                "Learning rate of the network, relative to that of the prompt.")));
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
                Embedded<T> moved = new Embedded<>(
                        moved(pass, vars, settings, at, tokens.rows()), tokens.mask(), tokens.before(), tokens.table());
                Operand<T> prompt = vars.fresh(
                        at, SoftPrompt.PROMPT, Start.of(NAME, settings, length, tokens.table()), length, at.out());
                return SoftPrompt.before(pass, prompt, length, moved);
            }
        };
    }

    private static <T extends TFloating> Operand<T> moved(
            Pass<T> pass, Vars<T> vars, Settings settings, Joint at, Operand<T> rows) {
        Ops tf = pass.tf();
        int width = at.out();
        int rank = settings.integer("rank");
        Init start = Init.uniform(1 / Math.sqrt(rank));
        Operand<T> x = tf.reshape(rows, tf.constant(new int[] {-1, width}));
        Operand<T> low = tf.linalg.matMul(x, part(vars, settings, at, "shift_down", start, width, rank));
        Operand<T> sum = tf.math.add(low, part(vars, settings, at, "shift_down_bias", Init.zeros(), rank));
        Operand<T> middle = tf.nn.relu(pass.dropout(sum, settings.number("dropout")));
        Operand<T> up = tf.linalg.matMul(middle, part(vars, settings, at, "shift_up", Init.zeros(), rank, width));
        Operand<T> shift = tf.math.add(up, part(vars, settings, at, "shift_up_bias", Init.zeros(), width));
        return tf.math.add(rows, tf.reshape(shift, tf.shape(rows)));
    }

    private static <T extends TFloating> Operand<T> part(
            Vars<T> vars, Settings settings, Joint at, String name, Init start, long... shape) {
        return vars.fresh(at + "." + name, Share.METHOD, settings.number("network_rate"), start, shape);
    }
}
