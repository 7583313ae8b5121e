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
import java.util.List;
import org.tensorflow.types.family.TFloating;

/**
 * Ladder side-tuning: a network of the backbone's own layers, {@code reduction} times narrower, runs beside it and alone
 * trains; see {@link SideNetwork}. The backbone has no backward pass. The official code treats T5, and keeps gates
 * of layers that are left out, which do nothing and are not here; it prunes by squared gradients of the task over 1,024
 * examples, which needs the backward pass that the method avoids. Here, the start is pruned by the sizes of the weights,
 * and what is not T5 is our reading: hence the mark of a reconstruction. It cannot write texts yet: what has
 * been read is not kept for it.
 */
final class Lst implements Method {
    private static final String PRUNED = "pruned";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lst", "LST")
                .of(Family.SIDE_NETWORK)
                .idea("A narrow network beside the backbone reads the output of its layers and answers in its stead.")
                .trains("The layers of the narrow network, its gates, and the maps into it and out of it.")
                .cites(
                        "Sung, Cho, Bansal: LST: Ladder Side-Tuning for Parameter and Memory Efficient Transfer "
                                + "Learning. NeurIPS 2022",
                        "https://arxiv.org/abs/2206.06522")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(Rates.all(3e-3))
                .folds(Fold.STAYS)
                .memory("Activations of the narrow network alone; outputs of the backbone's layers; its moments.")
                .settings(
                        Setting.integer("reduction", 8, 1, 64, "By how much the side network is narrower."),
                        Setting.integer(
                                "skip",
                                4,
                                0,
                                1000,
                                "Of each so many layers the first has none beside it; 0 and 1 leave none out."),
                        Setting.choice(
                                "init",
                                PRUNED,
                                List.of(PRUNED, "random"),
                                "Start of the side layers: the largest of the backbone's own weights, or random ones."),
                        Setting.number("temperature", 0.1, 0.001, 100, "Divides the numbers of the gates."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new SideNetwork<>(
                vars,
                settings.integer("reduction"),
                settings.integer("skip"),
                settings.number("temperature"),
                settings.text("init").equals(PRUNED));
    }
}
