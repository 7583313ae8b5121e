package dev.fewtune.workflow;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.MetricSpec.Labels;
import java.util.Map;
import java.util.Optional;

/** What a model is asked for must be what it can do, and what the task has. What only its files tell, its cell finds. */
record ObjectiveRules(PlanContext context, StepEntry step, Problems problems) {
    private static final String OBJECTIVE = "objective";
    private static final String TEXT_TO_TEXT = "text-to-text";
    private static final String VERBALIZER = "verbalizer";

    void check(Map<String, CellSettings.Placed> settings, Map<String, Axis.Value> combination) {
        if (step.spec().setting(OBJECTIVE).isEmpty()) {
            return;
        }
        Optional<BackboneSpec> backbone = Optional.ofNullable(settings.get(BackboneRules.BACKBONE))
                .flatMap(placed -> context.models().spec(placed.text()));
        Optional<Labels> labels = Optional.ofNullable(combination.get(Axis.TASK))
                .flatMap(task -> MetricRules.labels(context, task.shown()));
        CellSettings.Placed said = settings.get(OBJECTIVE);
        boolean silent = backbone.isPresent() && !backbone.get().writes();
        boolean texts = labels.filter(Labels.TEXTS::equals).isPresent();
        if (said == null) {
            if (texts && silent) {
                problems.add(
                        step.at(),
                        OBJECTIVE,
                        "the task %s has texts as labels, and %s writes none"
                                .formatted(
                                        combination.get(Axis.TASK).shown(),
                                        backbone.get().name()),
                        "a backbone with a decoder");
            }
            return;
        }
        if (said.text().equals(TEXT_TO_TEXT) && silent) {
            problems.add(
                    said.at(),
                    OBJECTIVE,
                    "text-to-text needs a decoder, and %s has none"
                            .formatted(backbone.get().name()),
                    "objective: head");
        } else if (!said.text().equals(TEXT_TO_TEXT) && texts) {
            problems.add(
                    said.at(),
                    OBJECTIVE,
                    "the task %s has texts as labels, which the objective %s does not write"
                            .formatted(combination.get(Axis.TASK).shown(), said.text()),
                    "objective: text-to-text");
        } else if (said.text().equals(VERBALIZER)
                && labels.filter(Labels.NUMBERS::equals).isPresent()) {
            problems.add(
                    said.at(),
                    OBJECTIVE,
                    "a verbalizer needs classes, and the task %s has numbers"
                            .formatted(combination.get(Axis.TASK).shown()),
                    "objective: head");
        }
    }
}
