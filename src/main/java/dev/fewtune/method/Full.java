package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/** Full fine-tuning: every pretrained weight trains. The baseline that the others are measured against. */
final class Full implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("full", "Full fine-tuning")
                .of(Family.FULL)
                .idea("All pretrained weights learn.")
                .trains("Every pretrained weight.")
                .cites(
                        "Devlin, Chang, Lee, Toutanova: BERT: Pre-training of Deep Bidirectional Transformers for Language "
                                + "Understanding. NAACL 2019",
                        "https://arxiv.org/abs/1810.04805")
                .learningRate(new Rates(5e-4, 1e-4, 3e-4))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Gradients and two moments of every weight, and all activations.")
                .settings();
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Graft<>() {
            @Override
            public Share trains(Joint at, Kind kind) {
                return Share.METHOD;
            }
        };
    }
}
