package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Rows;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Trained vectors stand before the word vectors (Lester, Al-Rfou, Constant, section 2). On an encoder they take the
 * first positions and pass the embedding norm like words; the head reads the text's tokens only.
 */
final class PromptTuning implements Method {
    private static final int COMMON_WORDS = 5000;

    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "prompt-tuning",
                "Prompt tuning",
                "Lester, Al-Rfou, Constant: The Power of Scale for Parameter-Efficient Prompt Tuning. EMNLP 2021;"
                        + " placement on encoders as in Hugging Face PEFT.",
                "https://arxiv.org/abs/2104.08691",
                1e-2,
                false,
                List.of(
                        Setting.integer("length", 20, 1, 400, "Number of trained vectors."),
                        Setting.choice(
                                "init",
                                "vocabulary",
                                List.of("vocabulary", "uniform", "normal"),
                                "First values: rows of the first 5,000 words, uniform in ±0.5, or normal.")));
    }

    @Override
    public <T extends TNumber> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        return new Graft<>() {
            @Override
            public Rows<T> embed(Ops tf, Joint at, Rows<T> rows) {
                Operand<T> prompt =
                        vars.fresh(at.stack() + ".prompt", init(settings.text("init"), at), length, at.out());
                Operand<TInt32> batch = tf.gather(tf.shape(rows.values()), tf.constant(new int[] {0}), tf.constant(0));
                Operand<T> copies = tf.broadcastTo(
                        tf.expandDims(prompt, tf.constant(0)),
                        tf.concat(List.of(batch, tf.constant(new int[] {length, at.out()})), tf.constant(0)));
                Operand<T> ones = tf.fill(
                        tf.concat(List.of(batch, tf.constant(new int[] {length})), tf.constant(0)),
                        tf.dtypes.cast(tf.constant(1.0), vars.type()));
                return new Rows<>(
                        tf.concat(List.of(copies, rows.values()), tf.constant(1)),
                        tf.concat(List.of(ones, rows.mask()), tf.constant(1)),
                        rows.prompt() + length);
            }
        };
    }

    private static Init init(String name, Joint at) {
        return switch (name) {
            case "uniform" -> Init.uniform(0.5);
            case "normal" -> Init.normal(1);
            default -> Init.sampledRows(at.tensor(Kind.WEIGHT), COMMON_WORDS, at.out());
        };
    }
}
