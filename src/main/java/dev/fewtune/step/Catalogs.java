package dev.fewtune.step;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.MetricSpec;
import dev.fewtune.task.Metrics;
import dev.fewtune.task.Tasks;
import dev.fewtune.train.Known;
import java.util.List;

/** What a workflow may name in this build. */
public final class Catalogs {
    private Catalogs() {}

    public static Catalog builtIn() {
        return new Catalog(
                Known.methods(), Known.backbones(), Tasks.specs(), Steps.SPECS, metrics(), new FoundModels());
    }

    private static List<MetricSpec> metrics() {
        return Metrics.known().stream()
                .map(name -> new MetricSpec(name, compares(name)))
                .toList();
    }

    private static MetricSpec.Labels compares(String metric) {
        if (Metrics.knownForTexts().contains(metric)) {
            return MetricSpec.Labels.TEXTS;
        }
        return Metrics.known(true).contains(metric) ? MetricSpec.Labels.NUMBERS : MetricSpec.Labels.CLASSES;
    }
}
