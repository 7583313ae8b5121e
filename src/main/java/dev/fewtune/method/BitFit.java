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

/** Only the bias terms train, those of the layer norms included (the official code's {@code bias_terms=all}). */
final class BitFit implements Method {
    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "bitfit",
                "BitFit",
                "Ben-Zaken, Ravfogel, Goldberg: BitFit. ACL 2022 (short papers); the set of biases as in the official code.",
                "https://arxiv.org/abs/2106.10199",
                3e-3,
                true,
                List.of());
    }

    @Override
    public <T extends TNumber> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Graft<>() {
            @Override
            public Share trains(Joint at, Kind kind) {
                return kind == Kind.BIAS ? Share.METHOD : Share.FROZEN;
            }
        };
    }
}
