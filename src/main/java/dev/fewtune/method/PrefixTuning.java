package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
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
 * Prefix tuning: trained rows stand before keys and values of every attention. They are made by tanh(X D + d) U + u, with
 * X [length, width] and D [width, middle] common to all layers of one kind of attention of one stack, and U [middle, 2 x
 * width of all heads] each layer's own columns of the one wide matrix of the paper. So T5 has three sets, as BART in the
 * official code: its encoder, its decoder, and the attention from one to the other. X starts as N(0, 1), maps uniform in
 * ±1/sqrt(inputs); {@code start: zero} sets U and u to zero (keys of zero still draw attention). For use, only keys and
 * values remain: 2 length width per layer.
 */
final class PrefixTuning implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("prefix-tuning", "Prefix tuning")
                .of(Family.SOFT_PROMPT)
                .idea("Rows made by a small network stand before the keys and values of every layer.")
                .trains("Rows, and the network that makes keys and values out of them.")
                .cites(
                        "Li, Liang: Prefix-Tuning: Optimizing Continuous Prompts for Generation. ACL 2021",
                        "https://arxiv.org/abs/2101.00190")
                .learningRate(new Rates(1e-3, 1e-3, 1e-3))
                .folds(Fold.COLLAPSES)
                .memory("Moments of the network that makes the rows; longer keys and values in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of rows; the text keeps its length."),
                        Setting.integer("middle", 512, 1, 8192, "Width of the network's middle."),
                        Setting.number("dropout", 0.0, 0, 0.99, "Dropout on the rows."),
                        Setting.choice(
                                "start",
                                "random",
                                List.of("random", "zero"),
                                "The network's last map at the start: uniform in ±1/sqrt(middle), or zero."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        return new Graft<>() {
            @Override
            public KeyValue<T> keyValue(Pass<T> pass, Joint at, Operand<T> in, KeyValue<T> kv) {
                Operand<T> middle = middle(pass, vars, settings, at);
                int width = KeyValuePrefix.width(kv);
                return KeyValuePrefix.before(
                        pass,
                        last(pass, vars, settings, at, KeyValuePrefix.KEY, middle, width),
                        last(pass, vars, settings, at, KeyValuePrefix.VALUE, middle, width),
                        length,
                        settings.number("dropout"),
                        kv);
            }
        };
    }

    /** What all layers of one kind of attention have in common, [length, middle]. */
    private static <T extends TFloating> Operand<T> middle(Pass<T> pass, Vars<T> vars, Settings settings, Joint at) {
        Ops tf = pass.tf();
        int length = settings.integer("length");
        int middle = settings.integer("middle");
        Init start = Init.uniform(1 / Math.sqrt(at.in()));
        Joint all = new Joint(at.stack(), -1, at.site(), at.in(), at.out());
        Operand<T> rows = vars.fresh(all, "prefix_rows", Init.normal(1), length, at.in());
        Operand<T> down = tf.linalg.matMul(rows, vars.fresh(all, "prefix_down", start, at.in(), middle));
        return tf.math.tanh(tf.math.add(down, vars.fresh(all, "prefix_down_bias", start, middle)));
    }

    private static <T extends TFloating> Operand<T> last(
            Pass<T> pass, Vars<T> vars, Settings settings, Joint at, String name, Operand<T> middle, int width) {
        Ops tf = pass.tf();
        int inner = settings.integer("middle");
        Init start = settings.text("start").equals("zero") ? Init.zeros() : Init.uniform(1 / Math.sqrt(inner));
        Operand<T> up = tf.linalg.matMul(middle, vars.fresh(at, name + "_up", start, inner, width));
        return vars.collapses(at, name, tf.math.add(up, vars.fresh(at, name + "_up_bias", start, width)));
    }
}
