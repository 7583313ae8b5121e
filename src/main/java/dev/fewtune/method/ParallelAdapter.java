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
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Scaled parallel adapters: out + scale (relu(in D + d) U + u) beside each feed-forward sub-layer, where in is what enters
 * it; in networks that norm first, after the norm. D is uniform in ±1/sqrt(width) (Kaiming with a = sqrt 5), U is zero, as
 * in the official code, which treats BART and RoBERTa; on T5 and Llama the place is our reading. The paper's scale is 4,
 * its bottleneck 512; its script for GLUE has 2 and 16.
 */
final class ParallelAdapter implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("parallel-adapter", "Parallel adapters")
                .of(Family.ADAPTER)
                .idea("A small bottleneck network stands beside each feed-forward sub-layer.")
                .trains("An adapter beside each feed-forward sub-layer.")
                .cites(
                        "He, Zhou, Ma, Berg-Kirkpatrick, Neubig: Towards a Unified View of Parameter-Efficient Transfer "
                                + "Learning. ICLR 2022",
                        "https://arxiv.org/abs/2110.04366")
                .learningRate(new Rates(2e-3, 1e-4, 1e-4))
                .startsAtBase()
                .folds(Fold.STAYS)
                .memory("Few moments; activations down to the lowest adapter.")
                .settings(
                        Bottleneck.setting(),
                        Setting.number("scale", 4.0, 0.001, 1000, "Multiplies what the adapter adds."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int middle = settings.integer("bottleneck");
        double scale = settings.number("scale");
        return new Graft<>() {
            @Override
            public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
                if (at.site() != Site.FEED_FORWARD) {
                    return out;
                }
                Init down = Init.uniform(1 / Math.sqrt(at.in()));
                Operand<T> beside = new Bottleneck(middle, down, Init.zeros(), Curve.RELU).of(vars, pass, at, in);
                return pass.tf().math.add(out, pass.tf().math.mul(beside, pass.number(scale)));
            }
        };
    }
}
