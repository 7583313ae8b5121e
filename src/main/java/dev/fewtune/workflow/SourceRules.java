package dev.fewtune.workflow;

import dev.fewtune.spec.MethodSpec;
import java.util.List;

/** A method that starts from what other steps have learned needs one of them. */
record SourceRules(PlanContext context, StepEntry step, Problems problems) {

    void check(Variant variant, List<Join.Group> upstream) {
        if (variant == null || !step.spec().axes().contains(Axis.METHOD)) {
            return;
        }
        List<String> needs = context.catalog().methods().stream()
                .filter(method -> method.name().equals(variant.method()))
                .findFirst()
                .map(MethodSpec::needs)
                .orElse(List.of());
        boolean served = needs.isEmpty()
                || upstream.stream()
                        .flatMap(group -> group.cells().stream())
                        .anyMatch(cell -> needs.contains(cell.kind()));
        if (!served) {
            problems.add(
                    step.at(),
                    "missing-need",
                    "the method %s starts from what other tasks have learned, and %s needs no step that uses %s"
                            .formatted(variant.method(), step.name(), String.join(" or ", needs)),
                    "add such a step, and its name to needs");
        }
    }
}
