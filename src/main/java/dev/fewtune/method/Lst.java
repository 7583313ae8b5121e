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
 * Ladder side-tuning: a network of the backbone's own layers, {@code reduction} times narrower, runs beside it and alone
 * trains; see {@link SideNetwork}. The backbone has no backward pass. The official code treats T5, starts the side network
 * from pruned pretrained weights and keeps gates of layers that are left out, which do nothing; here, it starts at random,
 * without those gates, and what is not T5 is our reading: hence the mark of a reconstruction. It cannot write texts yet: what has
 * been read is not kept for it.
 */
final class Lst implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lst", "LST")
                .of(Family.SIDE_NETWORK)
                .idea("A narrow network beside the backbone reads the output of its layers and answers in its stead.")
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
                        Setting.number("temperature", 0.1, 0.001, 100, "Divides the numbers of the gates."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new SideNetwork<>(
                vars, settings.integer("reduction"), settings.integer("skip"), settings.number("temperature"));
    }
}
