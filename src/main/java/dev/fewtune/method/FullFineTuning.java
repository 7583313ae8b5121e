package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.types.family.TNumber;

/** Every pretrained weight trains. */
final class FullFineTuning implements Method {
    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "full",
                "Full fine-tuning",
                "Devlin, Chang, Lee, Toutanova: BERT. NAACL 2019, section 4.",
                "https://arxiv.org/abs/1810.04805",
                2e-4,
                true,
                List.of());
    }

    @Override
    public <T extends TNumber> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Graft<>() {
            @Override
            public Share trains(Joint at, Kind kind) {
                return Share.METHOD;
            }
        };
    }
}
