package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * BitFit: every additive vector trains, those of the layer norms (the embeddings' included) too, as in the official
 * code with {@code bias_terms=all}; there is no pooler here. Networks without biases, as T5 and Llama, are given zero ones
 * at their linear maps, which is our reconstruction: the paper treats BERT only.
 */
final class BitFit implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("bitfit", "BitFit")
                .of(Family.SELECTION)
                .idea("Only the vectors that are added learn.")
                .trains("All vectors that are added; maps without one are given one.")
                .cites(
                        "Ben Zaken, Ravfogel, Goldberg: BitFit: Simple Parameter-efficient Fine-tuning for Transformer-based "
                                + "Masked Language-models. ACL 2022",
                        "https://arxiv.org/abs/2106.10199")
                .learningRate(new Rates(1e-2, 1e-3, 3e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; no inputs of linear maps.")
                .settings();
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Graft<>() {
            @Override
            public Share trains(Joint at, Kind kind) {
                return kind == Kind.BIAS ? Share.METHOD : Share.FROZEN;
            }

            @Override
            public Operand<T> shift(Pass<T> pass, Joint at, Operand<T> y) {
                if (at.site() == Site.HEAD) {
                    return y;
                }
                return pass.tf().math.add(y, vars.fresh(at, "bias", Init.zeros(), at.out()));
            }
        };
    }
}
