package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
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
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Prompt tuning: {@code length} trained rows stand before the token rows. They pass through the embedding block as
 * tokens do: positions 0..length-1, the text moved on by {@code length}, token type 0, layer norm. The head reads the
 * text only ([CLS] at its moved place, or the mean of the text tokens), which is our choice.
 */
final class PromptTuning implements Method {
    /** The official code samples its start from the 5,000 most common tokens. */
    private static final int COMMON = 5000;

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("prompt-tuning", "Prompt tuning")
                .of(Family.SOFT_PROMPT)
                .idea("Trained rows stand before the token rows of the text.")
                .cites(
                        "Lester, Al-Rfou, Constant: The Power of Scale for Parameter-Efficient Prompt Tuning. EMNLP 2021",
                        "https://arxiv.org/abs/2104.08691")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.STAYS)
                .memory("Few moments; longer inputs in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.choice(
                                "init",
                                "vocab",
                                List.of("vocab", "uniform", "normal"),
                                "Start of the rows: sampled token rows, U(-0.5, 0.5), or N(0, 1)."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        String init = settings.text("init");
        return new Graft<>() {
            @Override
            public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
                if (at.site() != Site.TOKENS) {
                    return tokens;
                }
                Ops tf = pass.tf();
                Operand<T> prompt = vars.fresh(at, "prompt", start(init, tokens.table()), length, at.out());
                Operand<TInt32> batch =
                        tf.slice(tf.shape(tokens.mask()), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
                Operand<T> rows = tf.tile(
                        tf.expandDims(prompt, tf.constant(0)),
                        tf.concat(List.of(batch, tf.constant(new int[] {1, 1})), tf.constant(0)));
                Operand<T> seen = tf.fill(
                        tf.concat(List.of(batch, tf.constant(new int[] {length})), tf.constant(0)), pass.number(1));
                return new Embedded<>(
                        tf.concat(List.of(rows, tokens.rows()), tf.constant(1)),
                        tf.concat(List.of(seen, tokens.mask()), tf.constant(1)),
                        tokens.before() + length,
                        tokens.table());
            }
        };
    }

    private static Init start(String init, Joint table) {
        return switch (init) {
            case "uniform" -> Init.uniform(0.5);
            case "normal" -> Init.normal(1);
            default -> Init.rows(table.tensor(Kind.WEIGHT), COMMON);
        };
    }
}
