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
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * P-tuning v2: trained rows stand before keys and values of every attention, N(0, 1) at the start; 2 length width of all
 * heads per layer. The official code stands here for BERT; on networks of two stacks the attention from one to the other
 * gets rows, too, which is our choice. Its form with a network is {@code prefix-tuning}.
 */
final class PTuningV2 implements Method {
    private static final Init START = Init.normal(1);

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("p-tuning-v2", "P-tuning v2")
                .of(Family.SOFT_PROMPT)
                .idea("Trained rows stand before the keys and values of every layer.")
                .trains("Keys and values of each layer.")
                .cites(
                        "Liu, Ji, Fu, Tam, Du, Yang, Tang: P-Tuning v2: Prompt Tuning Can Be Comparable to Fine-tuning "
                                + "Universally Across Scales and Tasks. ACL 2022",
                        "https://arxiv.org/abs/2110.07602")
                .learningRate(Rates.all(1e-2))
                .folds(Fold.STAYS)
                .memory("Few moments; longer keys and values in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of rows; the text keeps its length."),
                        Setting.number("dropout", 0.1, 0, 0.99, "Dropout on the rows."));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of(
                "PREFIX_TUNING",
                PeftForm.Layout.PREFIX,
                settings -> Map.of("prefix_projection", false),
                config -> Map.of("length", config.integer("num_virtual_tokens", 0), "dropout", 0.0)));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        return new Graft<>() {
            @Override
            public KeyValue<T> keyValue(Pass<T> pass, Joint at, Operand<T> in, KeyValue<T> kv) {
                int width = KeyValuePrefix.width(kv);
                Operand<T> key = vars.fresh(at, KeyValuePrefix.KEY, START, length, width);
                Operand<T> value = vars.fresh(at, KeyValuePrefix.VALUE, START, length, width);
                return KeyValuePrefix.before(pass, key, value, length, settings.number("dropout"), kv);
            }
        };
    }
}
