package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.types.family.TFloating;

/** Only the head trains, on frozen features: the control row of every board. */
final class HeadOnly implements Method {
    @Override
    public MethodSpec spec() {
        return new MethodSpec(
                "head-only",
                "Head only",
                "Alain, Bengio: Understanding intermediate layers using linear classifier probes. ICLR 2017 workshop",
                "https://arxiv.org/abs/1610.01644",
                1e-2,
                true,
                List.of());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Graft<>() {};
    }

    @Override
    public boolean headAlone() {
        return true;
    }
}
