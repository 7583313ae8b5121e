package dev.fewtune.cli;

import dev.fewtune.run.Runs;
import dev.fewtune.step.Merged;
import io.quarkus.runtime.QuarkusApplication;

/** Runs one command inside a started application. */
public final class Guest implements QuarkusApplication {
    /** Handed over before the application starts, because Quarkus makes this object itself. */
    static volatile Doorway.Visit visit;

    private final Runs runs;
    private final Merged merged;

    Guest(Runs runs, Merged merged) {
        this.runs = runs;
        this.merged = merged;
    }

    @Override
    public int run(String... arguments) throws Exception {
        return visit.at(new LocalDoor(runs, merged));
    }
}
