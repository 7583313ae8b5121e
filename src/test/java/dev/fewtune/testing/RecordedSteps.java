package dev.fewtune.testing;

import dev.fewtune.spec.Pool;
import dev.fewtune.step.Bench;
import dev.fewtune.step.Steps;
import dev.fewtune.wiring.StepList;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** The shipped steps and two for tests. */
@Singleton
public class RecordedSteps {
    @Produces
    @Singleton
    StepList steps(Bench bench) {
        List<dev.fewtune.run.StepKind> kinds = new ArrayList<>(Steps.on(bench));
        kinds.add(new RecordedStep("light", Pool.LIGHT));
        kinds.add(new RecordedStep("device", Pool.DEVICE));
        return new StepList(kinds);
    }
}
