package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/** Only the head trains, on frozen features: the control row of every board. */
final class HeadOnly implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("head-only", "Head only")
                .of(Family.SELECTION)
                .idea("Nothing but the head of the task learns: the control of every board.")
                .trains("Nothing but the head.")
                .cites(
                        "Alain, Bengio: Understanding intermediate layers using linear classifier probes. ICLR 2017 workshop",
                        "https://arxiv.org/abs/1610.01644")
                .learningRate(Rates.all(1e-2))
                .startsAtBase()
                .folds(Fold.STAYS)
                .memory("Nothing of the backbone.")
                .settings();
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
