package dev.fewtune.step;

import dev.fewtune.spec.Catalog;
import dev.fewtune.task.Tasks;
import dev.fewtune.train.Known;

/** What a workflow may name in this build. */
public final class Catalogs {
    private Catalogs() {}

    public static Catalog builtIn() {
        return new Catalog(Known.methods(), Known.backbones(), Tasks.specs(), Steps.SPECS);
    }
}
