package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/**
 * XPrompt: prompt tuning; then the rows of least importance are taken out, and of those that stay the least important of
 * {@code pieces} equal pieces each become zero; then what is left begins again at its first values and is trained anew. See
 * {@link PrunedPrompt}. There is no code, and the paper was read at second hand: sizes and shares are our choice (the paper
 * searches the shares), and so is that the importance of pieces is asked for right after rows went out. The training is
 * twice as long as that of other methods, and its seconds say so.
 */
final class XPrompt implements Method {
    static final String NAME = "xprompt";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "XPrompt")
                .of(Family.SOFT_PROMPT)
                .idea(
                        "A trained prompt loses its least important rows and pieces, and is trained again from its start.")
                .trains("Prompt rows; gradients say which of them, and of their pieces, stay.")
                .cites(
                        "Ma, Zhang, Ren, Wang, Wang, Wu, Quan, Song: XPrompt: Exploring the Extreme of Prompt Tuning. "
                                + "EMNLP 2022",
                        "https://arxiv.org/abs/2210.04457")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer; two trainings, one after the other.")
                .settings(Start.after(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows at first; they shorten the text."),
                        Setting.number("dropped_rows", 0.5, 0, 0.99, "Share of the rows that is taken out."),
                        Setting.number(
                                "dropped_pieces",
                                0.5,
                                0,
                                0.99,
                                "Share of the pieces of the other rows that becomes zero."),
                        Setting.integer("pieces", 16, 1, 1024, "Equal pieces of each row; they divide the width."),
                        Setting.integer("batches", 32, 1, 100_000, "Batches over which importance is averaged.")));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new PrunedPrompt<>(vars, settings);
    }
}
