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
        return plan(workflow, new InputValues(catalog, problems).fromTexts(workflow, given), problems);
    }

    Planning plan(Workflow workflow, Map<String, Object> given, Problems problems) {
        Map<String, Object> inputs = new InputValues(catalog, problems).typed(workflow, given);
        Map<String, PlannedStep> steps = new LinkedHashMap<>();
        List<PlannedCell> cells = new ArrayList<>();
        Map<String, Integer> maxParallel = new LinkedHashMap<>();
        StepPlanner planner = new StepPlanner(catalog, workflow.tasks(), inputs, problems);
        for (StepEntry step : workflow.steps()) {
            PlannedStep planned = planner.plan(step, steps, cells.size());
            steps.put(step.name(), planned);
            cells.addAll(planned.cells());
            if (step.maxParallel() > 0) {
                maxParallel.put(step.name(), step.maxParallel());
            }
            if (cells.size() > Combinations.MOST) {
                problems.add(
                        step.at(),
                        "too-many-cells",
                        "the workflow has more than %,d cells".formatted(Combinations.MOST));
                break;
            }
        }
        if (!problems.none()) {
            return new Planning(null, problems.sorted());
        }
        if (cells.isEmpty()) {
            problems.add(Mark.START, "no-cells", "the workflow has no cells: every if is false or all is excluded");
            return new Planning(null, problems.sorted());
        }
        return new Planning(
                new Plan(
                        Plan.VERSION,
                        workflow.name(),
                        workflow.description(),
                        inputs,
                        workflow.tasks(),
                        List.copyOf(steps.keySet()),
                        maxParallel,
                        cells),
                List.of());
    }
}
