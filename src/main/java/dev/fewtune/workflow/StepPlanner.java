package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Plans the cells of one step behind the steps that it needs. */
record StepPlanner(PlanContext context, Problems problems) {
    /** @throws Budget.Exceeded where the workflow is too big */
    PlannedStep plan(StepEntry step, Map<String, PlannedStep> before, int firstOrdinal) {
        int problemsBefore = problems.count();
        List<PlannedStep> needed =
                step.needs().stream().map(need -> before.get(need.step())).toList();
        boolean soundSoFar = step.sound() && needed.stream().allMatch(PlannedStep::sound);
        Resolver resolver = context.resolver(null, problems);
        Matrix matrix = new MatrixPlanner(context, step, needed, before.keySet(), problems).plan(resolver);
        requireAxes(step, matrix);
        Join join = new Join(needed, matrix.axes());
        Cells cells = cells(step, matrix, join, resolver, soundSoFar, firstOrdinal);
        if (soundSoFar && problems.count() == problemsBefore) {
            new NeedCheck(step, needed, join, problems).check(cells.matrix(), cells.planned());
        }
        boolean sound = soundSoFar && problems.count() == problemsBefore;
        cells.planned().forEach(this::promise);
        return new PlannedStep(step, cells.matrix(), cells.planned(), sound);
    }

    /** The backbone that a cell will make. */
    private void promise(PlannedCell cell) {
        Object folder = cell.settings().get(BackboneRules.INTO);
        if (folder != null && context.place().readsFiles()) {
            context.models().promise(folder.toString(), cell.step());
        }
    }

    private void requireAxes(StepEntry step, Matrix matrix) {
        for (String axis : new TreeSet<>(step.spec().axes())) {
            if (!matrix.axes().contains(axis)) {
                problems.add(
                        step.at(),
                        "missing-axis",
                        "the step %s has no %s".formatted(step.name(), axis),
                        "add it to its matrix or under with");
            }
        }
    }

    /** @param matrix of the cells whose {@code if} holds */
    private record Cells(Matrix matrix, List<PlannedCell> planned) {}

    private Cells cells(
            StepEntry step, Matrix matrix, Join join, Resolver resolver, boolean soundSoFar, int firstOrdinal) {
        Problems repeated = problems.ofCells();
        CellMaker maker = maker(step, matrix, resolver, soundSoFar, repeated);
        Condition condition = new Condition(step.condition(), repeated);
        List<Map<String, Axis.Value>> kept = new ArrayList<>();
        List<PlannedCell> planned = new ArrayList<>();
        for (Map<String, Axis.Value> combination : matrix.combinations()) {
            Resolver ofCell = context.resolver(plain(combination), repeated);
            if (condition.holds(ofCell)) {
                List<Join.Group> upstream = join.groups(combination);
                context.budget().cell();
                upstream.forEach(group -> context.budget().needs(group.cells().size()));
                kept.add(combination);
                planned.add(maker.cell(firstOrdinal + planned.size(), combination, upstream, ofCell));
            }
        }
        return new Cells(new Matrix(matrix.axes(), kept), planned);
    }

    private CellMaker maker(StepEntry step, Matrix matrix, Resolver resolver, boolean soundSoFar, Problems repeated) {
        List<Rule> include = matrix.combinations().isEmpty()
                ? List.of()
                : new Rules(step, matrix, context.budget(), problems).included(resolver);
        return new CellMaker(
                step,
                new CellSettings(step, matrix, include, repeated),
                new BackboneRules(context, step, soundSoFar, repeated),
                new PathRules(context, step, repeated),
                new MetricRules(context, repeated),
                new ObjectiveRules(context, step, repeated),
                new SourceRules(context, step, repeated),
                repeated);
    }

    private static Map<String, Object> plain(Map<String, Axis.Value> combination) {
        Map<String, Object> plain = new LinkedHashMap<>();
        combination.forEach((axis, value) -> plain.put(axis, value.plain()));
        return plain;
    }
}
