package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
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
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * DePT: [P; E + alpha/sqrt(rank) A B], a short prompt and an offset of the frozen token rows by their places, the same for
 * all texts; see {@link Offset}. The scale is that of the official code; the paper's equation has none. Length width +
 * (positions + width) rank parameters. The prompt starts as {@code init} says; in the code it is one fixed sentence. With
 * two learning rates, as in the paper.
 */
final class Dept implements Method {
    private static final String NAME = "dept";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "DePT")
                .of(Family.SOFT_PROMPT)
                .idea("A short prompt, and a low-rank update of the token rows by their places.")
                .trains("Prompt rows, and two thin matrices for the places of a text.")
                .cites(
                        "Shi, Lipani: DePT: Decomposed Prompt Tuning for Parameter-Efficient Fine-tuning. ICLR 2024",
                        "https://arxiv.org/abs/2309.05173")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.STAYS)
                .memory("Few moments; slightly longer inputs in every layer.")
                .settings(Start.after(Offset.after(
                        Setting.integer("length", 12, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.number("alpha", 8.0, 1e-6, 1e6, "The offset is scaled by alpha / sqrt(rank)."),
                        Start.from())));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of(PeftForm.DEPT, PeftForm.Layout.PROMPT, settings -> Map.of(), Dept::settings)
                .with("offset_left", "prompt_encoder.lora_embedding_A", PeftForm.Turn.SAME, "")
                .with("offset_right", "prompt_encoder.lora_embedding_B", PeftForm.Turn.SAME, ""));
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
        double scale = settings.number("alpha") / Math.sqrt(settings.integer("rank"));
        return new Graft<>() {
            @Override
            public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
                if (at.site() != Site.TOKENS) {
                    return tokens;
                }
                Operand<T> offset =
                        pass.tf().math.mul(Offset.of(NAME, pass, vars, settings, given, at), pass.number(scale));
                Init cold = Start.of(NAME, settings, length, tokens.table());
                Init start = Start.warm(NAME, settings, given, Source.ROWS, cold, length, at.out());
                Operand<T> prompt = vars.fresh(at, SoftPrompt.PROMPT, start, length, at.out());
                return SoftPrompt.before(pass, prompt, length, Offset.added(pass, offset, settings, tokens));
            }
        };
    }

    private static Map<String, Object> settings(PeftConfig config) {
        return Map.of(
                "length", config.integer("num_virtual_tokens", 0),
                "rank", config.integer("r", 8),
                "alpha", config.number("lora_alpha", 8),
                "max_length", config.integer("max_length", 256));
    }
}
