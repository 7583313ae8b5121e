package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.types.family.TFloating;

/** Full fine-tuning: every pretrained weight trains. The baseline that the others are measured against. */
final class Full implements Method {
    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "full",
                "Full fine-tuning",
                "Devlin, Chang, Lee, Toutanova: BERT: Pre-training of Deep Bidirectional Transformers for Language "
                        + "Understanding. NAACL 2019",
                "https://arxiv.org/abs/1810.04805",
                5e-4,
                true,
                List.of());
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
