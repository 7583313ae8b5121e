package dev.fewtune.spec;

import java.util.List;

/** Everything that a workflow may name. */
public record Catalog(
        List<MethodSpec> methods, List<BackboneSpec> backbones, List<TaskSpec> tasks, List<StepSpec> steps) {
    public Catalog {
        methods = List.copyOf(methods);
        backbones = List.copyOf(backbones);
        tasks = List.copyOf(tasks);
        steps = List.copyOf(steps);
    }
}
