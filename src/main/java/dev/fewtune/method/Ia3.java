package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * (IA)³: keys and values, biases included, are multiplied by vectors [out], and what enters the last map of the
 * feed-forward sub-layer by a vector [in]; all vectors start at one. So PEFT has it; the official code scales what the
 * second map of a gated feed-forward sub-layer gives, which is the same but for the place of the dropout.
 */
final class Ia3 implements Method {
    private static final List<String> KEYS_AND_VALUES =
            Targets.labels(Site.KEY, Site.VALUE, Site.CROSS_KEY, Site.CROSS_VALUE);

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("ia3", "(IA)³")
                .of(Family.SELECTION)
                .idea("Vectors stretch keys, values and the middle of the feed-forward sub-layers.")
                .trains("A vector at keys, at values and in the middle of each feed-forward sub-layer.")
                .cites(
                        "Liu, Tam, Muqeeth, Mohta, Huang, Bansal, Raffel: Few-Shot Parameter-Efficient Fine-Tuning is "
                                + "Better and Cheaper than In-Context Learning. NeurIPS 2022",
                        "https://arxiv.org/abs/2205.05638")
                .learningRate(new Rates(2e-2, 5e-3, 3e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; what is stretched.")
                .settings(
                        Targets.setting("outputs", KEYS_AND_VALUES, "The linear maps whose outputs are stretched."),
                        Targets.setting(
                                "inputs", Targets.labels(Site.OUTPUT), "The linear maps whose inputs are stretched."));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of(
                        "IA3",
                        settings -> Map.of("fan_in_fan_out", false, "init_ia3_weights", true),
                        config -> Map.of())
                .with("ia3_output", "ia3_l", PeftForm.Turn.COLUMN, "outputs")
                .with("ia3_input", "ia3_l", PeftForm.Turn.ROW, "inputs"));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        Targets outputs = Targets.of(settings, "outputs");
        Targets inputs = Targets.of(settings, "inputs");
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> stretched = inputs.hold(at) ? stretched(pass, at, "ia3_input", at.in(), x) : x;
                return Graft.super.project(pass, at, stretched, w);
            }

            @Override
            public Operand<T> mapped(Pass<T> pass, Joint at, Operand<T> y) {
                return outputs.hold(at) ? stretched(pass, at, "ia3_output", at.out(), y) : y;
            }

            private Operand<T> stretched(Pass<T> pass, Joint at, String name, int width, Operand<T> x) {
                return pass.tf().math.mul(x, vars.fresh(at, name, Init.constant(1), width));
            }
        };
    }
}
