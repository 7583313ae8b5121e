package dev.fewtune.spec;

import java.util.List;
import java.util.Optional;

/**
 * Everything that a workflow may name.
 *
 * @param backbones those that are built in
 * @param models reads the names of all others
 */
public record Catalog(
        List<MethodSpec> methods,
        List<BackboneSpec> backbones,
        List<TaskSpec> tasks,
        List<StepSpec> steps,
        List<MetricSpec> metrics,
        ModelNames models) {
    public Catalog {
        methods = List.copyOf(methods);
        backbones = List.copyOf(backbones);
        tasks = List.copyOf(tasks);
        steps = List.copyOf(steps);
        metrics = List.copyOf(metrics);
    }

    public Optional<BackboneSpec> backbone(String name) {
        return backbones.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst();
    }

    public Optional<TaskSpec> task(String name) {
        return tasks.stream().filter(task -> task.name().equals(name)).findFirst();
    }

    public Optional<MetricSpec> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }
}
