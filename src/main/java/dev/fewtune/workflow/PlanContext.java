package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.TaskSpec;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the planning of every step looks at.
 *
 * @param tasks the user's own, by name
 * @param taskNames of those and of the built-in ones
 * @param inputs their values by name
 * @param uses names of axes that expressions use
 */
record PlanContext(
        Catalog catalog,
        Place place,
        ModelReader models,
        Map<String, TaskFiles> tasks,
        Set<String> taskNames,
        Map<String, Object> inputs,
        Set<String> uses,
        Budget budget) {

    static PlanContext of(Catalog catalog, ModelReader models, Workflow workflow, Map<String, Object> inputs) {
        Set<String> taskNames = new LinkedHashSet<>(workflow.tasks().keySet());
        catalog.tasks().stream().map(TaskSpec::name).forEach(taskNames::add);
        Set<String> uses = MatrixUses.of(workflow.steps());
        return new PlanContext(
                catalog, workflow.place(), models, workflow.tasks(), taskNames, inputs, uses, new Budget());
    }

    /** @param matrix values of a cell by axis; null outside of a cell */
    Resolver resolver(Map<String, Object> matrix, Problems problems) {
        return new Resolver(new Scope(inputs, matrix), problems, budget);
    }
}
