package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Expands a workflow over its matrices, with its inputs filled in. */
public final class Planner {
    private final Catalog catalog;

    public Planner(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * A plan, or all problems. A cell whose {@code if} is false is not planned, and nothing waits for it. Where a
     * fine-tune step has no head-only row, one is added as a control.
     *
     * @param given typed values of inputs, by name
     */
    public Planning plan(Workflow workflow, Map<String, Object> given) {
        return plan(workflow, given, new Problems(workflow.source()));
    }

    /** As typed on a command line or in a form. */
    public Planning planFromTexts(Workflow workflow, Map<String, String> given) {
        Problems problems = new Problems(workflow.source());
        return plan(workflow, InputValues.fromTexts(workflow, given), problems);
    }

    Planning plan(Workflow workflow, Map<String, Object> given, Problems problems) {
        ModelReader models = new ModelReader(catalog, workflow.place());
        Map<String, Object> inputs = new InputValues(models, problems).typed(workflow, given);
        List<PlannedCell> cells = cells(workflow, PlanContext.of(catalog, models, workflow, inputs), problems);
        if (problems.none() && cells.isEmpty()) {
            problems.add(Mark.START, "no-cells", "the workflow has no cells: every if is false");
        }
        if (!problems.none()) {
            return new Planning(null, problems.sorted());
        }
        return new Planning(
                new Plan(
                        Plan.VERSION,
                        workflow.name(),
                        workflow.description(),
                        inputs,
                        workflow.tasks(),
                        workflow.steps().stream().map(StepEntry::name).toList(),
                        maxParallel(workflow),
                        cells),
                List.of());
    }

    private List<PlannedCell> cells(Workflow workflow, PlanContext context, Problems problems) {
        StepPlanner planner = new StepPlanner(context, problems);
        Map<String, PlannedStep> steps = new LinkedHashMap<>();
        List<PlannedCell> cells = new ArrayList<>();
        for (StepEntry step : workflow.steps()) {
            try {
                PlannedStep planned = planner.plan(step, steps, cells.size());
                steps.put(step.name(), planned);
                cells.addAll(planned.cells());
            } catch (Budget.Exceeded exceeded) {
                problems.add(
                        step.at(),
                        exceeded.code(),
                        "%s, counted up to the step %s".formatted(exceeded.getMessage(), step.name()),
                        exceeded.advice());
                break;
            }
        }
        return cells;
    }

    private static Map<String, Integer> maxParallel(Workflow workflow) {
        Map<String, Integer> maxParallel = new LinkedHashMap<>();
        workflow.steps().stream()
                .filter(step -> step.maxParallel() > 0)
                .forEach(step -> maxParallel.put(step.name(), step.maxParallel()));
        return maxParallel;
    }
}
