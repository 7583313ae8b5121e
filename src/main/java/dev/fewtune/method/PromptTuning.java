package dev.fewtune.method;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.types.family.TFloating;

/**
 * Prompt tuning: [P; E] with P [length, width] trained and E the text's token rows. The paper's best start for
 * classification is {@code labels}, otherwise {@code vocab}; its code defaults to {@code uniform}.
 */
final class PromptTuning implements Method {
    private static final String NAME = "prompt-tuning";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "Prompt tuning")
                .of(Family.SOFT_PROMPT)
                .idea("Trained rows stand before the token rows of the text.")
                .trains("Prompt rows.")
                .cites(
                        "Lester, Al-Rfou, Constant: The Power of Scale for Parameter-Efficient Prompt Tuning. EMNLP"
                                + " 2021",
                        "https://arxiv.org/abs/2104.08691")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.STAYS)
                .memory("Few moments; longer inputs in every layer.")
                .settings(Start.after(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows; they shorten the text."),
                        Start.from()));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of(
                "PROMPT_TUNING",
                PeftForm.Layout.PROMPT,
                settings -> Map.of("prompt_tuning_init", "RANDOM"),
                config -> Map.of("length", config.integer("num_virtual_tokens", 0))));
    }

    @Override
    public boolean takesSources(Map<String, Object> settings) {
        return Start.isWarm(settings);
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return graft(vars, settings, Given.NOTHING);
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings, Given given) {
        int length = settings.integer("length");
        return new SoftPrompt<>(vars, length, (pass, at, table) -> {
            Init cold = Start.of(NAME, settings, length, table);
            Init start = Start.warm(NAME, settings, given, Source.ROWS, cold, length, at.out());
            return vars.fresh(at, SoftPrompt.PROMPT, start, length, at.out());
        });
    }
}
