package dev.fewtune.wiring;

import dev.fewtune.step.Bench;
import dev.fewtune.step.Merged;
import dev.fewtune.step.Steps;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The shipped step kinds. */
@Singleton
public class StepBeans {
    @Produces
    @Singleton
    @DefaultBean
    StepList steps(Bench bench) {
        return new StepList(Steps.on(bench));
    }

    @Produces
    @Singleton
    Merged merged(Bench bench) {
        return new Merged(bench);
    }
}
