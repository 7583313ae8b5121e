package dev.fewtune.method;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Map;
import org.tensorflow.types.family.TFloating;

/**
 * SPoT: prompt tuning whose rows start from those of a prompt that an earlier step has trained on another task. Here it
 * takes the one that it is given; which one that is, or what mixture of several, is chosen before. The similarities, the
 * weighted mixture and best-of-top-k are the paper's; that the target's own prompt is trained anew for them is how the
 * paper's early checkpoints come about here.
 */
final class Spot implements Method {
    private static final String NAME = "spot";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "SPoT")
                .of(Family.SOFT_PROMPT)
                .idea("Prompt tuning that starts from a prompt of another task.")
                .trains("Prompt rows.")
                .cites(
                        "Vu, Lester, Constant, Al-Rfou, Cer: SPoT: Better Frozen Model Adaptation through Soft Prompt "
                                + "Transfer. ACL 2022",
                        "https://arxiv.org/abs/2110.07904")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer.")
                .needs("pretrain")
                .settings(
                        Setting.choice(
                                "transfer",
                                "one",
                                List.of("one", "most-similar", "mixture", "best"),
                                "Start: one source, the one most similar to the target, the mean of the most similar"
                                        + " ones by their similarities, or the best of these on validation after training"
                                        + " from each."),
                        Setting.text("from", null, "The source of one; needed where there are several.")
                                .onlyWith("transfer", "one"),
                        Setting.choice(
                                "similarity",
                                "means",
                                List.of("means", "pairs"),
                                "Of two prompts: the cosine of the means of their rows, or the mean cosine of all"
                                        + " pairs of rows."),
                        Setting.integer("top", 3, 1, 100, "How many of the most similar sources are mixed or tried."),
                        Setting.integer(
                                "embedding_epochs",
                                1,
                                1,
                                10_000,
                                "Passes over train for the prompt of the target that is compared with the sources."),
                        Setting.integer(
                                "length",
                                null,
                                1,
                                500,
                                "Number of prompt rows; that of the source, and nothing else."));
    }

    @Override
    public boolean takesSources(Map<String, Object> settings) {
        return true;
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return graft(vars, settings, Given.NOTHING);
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings, Given given) {
        Source start = given.prompts(NAME).get(0);
        int length = (int) start.rows().shape()[0];
        return new SoftPrompt<>(
                vars,
                length,
                (pass, at, table) ->
                        vars.fresh(at, SoftPrompt.PROMPT, start.rows().init(), length, at.out()));
    }
}
