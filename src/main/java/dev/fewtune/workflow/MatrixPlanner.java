package dev.fewtune.workflow;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Works out the matrix of a step.
 *
 * @param needed the steps that it needs, planned
 * @param names of all steps that were planned before
 */
record MatrixPlanner(
        PlanContext context, StepEntry step, List<PlannedStep> needed, Set<String> names, Problems problems) {

    Matrix plan(Resolver resolver) {
        if (step.spec().single()) {
            return Matrix.ONE;
        }
        MatrixEntry entry = step.matrix();
        List<Axis> axes = new AxisReader(context, step, problems).read(resolver);
        requireUse(axes);
        return switch (entry.kind()) {
            case FROM -> multiplied(from(), axes);
            case NONE -> multiplied(Matrix.ONE, axes);
            case INHERITED -> axes.isEmpty() ? inherited() : multiplied(Matrix.ONE, axes);
            case AXES -> axes.isEmpty() ? withoutAxes() : rules(multiplied(Matrix.ONE, axes), resolver);
        };
    }

    /** An axis that nothing looks at would only multiply cells. */
    private void requireUse(List<Axis> axes) {
        Set<String> known = new LinkedHashSet<>(step.spec().axes());
        step.spec().settings().forEach(setting -> known.add(setting.name()));
        needed.forEach(need -> known.addAll(need.matrix().axes()));
        for (Axis axis : axes) {
            if (known.contains(axis.name()) || context.uses().contains(axis.name())) {
                continue;
            }
            String where = " of %s: it is no setting, and no expression uses it"
                    .formatted(step.spec().kind());
            if (isOfMethod(axis.name())) {
                problems.add(
                        axis.at(),
                        "unknown-axis",
                        "unknown axis '%s'%s".formatted(axis.name(), where),
                        "a variant for each value: a setting of a method stands beside its name, as in {lora-big: {method: lora, rank: 64}}");
            } else {
                problems.unknown(axis.at(), "axis", axis.name(), known, where);
            }
        }
    }

    private boolean isOfMethod(String name) {
        return step.spec().axes().contains(Axis.METHOD)
                && context.catalog().methods().stream()
                        .flatMap(method -> method.settings().stream())
                        .anyMatch(setting -> setting.name().equals(name));
    }

    private Matrix from() {
        MatrixEntry entry = step.matrix();
        for (PlannedStep source : needed) {
            if (source.entry().name().equals(entry.from())) {
                return source.matrix();
            }
        }
        List<String> own = step.needs().stream().map(StepEntry.Need::step).toList();
        if (names.contains(entry.from())) {
            problems.add(
                    entry.at(),
                    "matrix",
                    "the step %s takes over the matrix of %s, which is not among its needs"
                            .formatted(step.name(), entry.from()),
                    "needs: [%s]".formatted(entry.from()));
        } else {
            problems.unknown(entry.at(), "step", entry.from(), own, " in matrix.from");
        }
        return failed();
    }

    private Matrix inherited() {
        List<PlannedStep> matrices =
                needed.stream().filter(need -> !need.matrix().axes().isEmpty()).toList();
        if (matrices.size() > 1) {
            problems.add(
                    step.at(),
                    "matrix",
                    "the step %s needs %d steps with a matrix and does not say which it takes"
                            .formatted(step.name(), matrices.size()),
                    "matrix: {from: %s}"
                            .formatted(matrices.get(matrices.size() - 1).entry().name()));
            return failed();
        }
        return matrices.isEmpty() ? Matrix.ONE : matrices.get(0).matrix();
    }

    private Matrix multiplied(Matrix base, List<Axis> axes) {
        double size = base.combinations().size();
        for (Axis axis : axes) {
            if (base.axes().contains(axis.name())) {
                problems.add(
                        axis.at(),
                        "matrix",
                        "%s is an axis of %s already, whose matrix is taken over"
                                .formatted(axis.name(), step.matrix().from()),
                        "leave it out");
                return failed();
            }
            size *= Math.max(1, axis.values().size());
        }
        if (size > Budget.CELLS) {
            problems.add(
                    step.at(),
                    "too-many-cells",
                    "the matrix of %s has %,.0f cells; at most %,d are allowed"
                            .formatted(step.name(), size, Budget.CELLS),
                    "fewer values, or several workflows");
            return failed();
        }
        Matrix matrix = base;
        for (Axis axis : axes) {
            matrix = matrix.times(axis);
            context.budget().work(matrix.combinations().size());
        }
        return matrix;
    }

    private Matrix rules(Matrix matrix, Resolver resolver) {
        return new Rules(step, matrix, context.budget(), problems).excluded(resolver);
    }

    private Matrix withoutAxes() {
        refuseRule(MatrixEntry.EXCLUDE, step.matrix().exclude());
        refuseRule(MatrixEntry.INCLUDE, step.matrix().include());
        return failed();
    }

    private void refuseRule(String name, Tree.Entry rule) {
        if (rule != null) {
            problems.add(
                    rule.key(),
                    "matrix",
                    "%s has nothing to choose from: the matrix of %s has no axis of its own"
                            .formatted(name, step.name()),
                    "put it where the axes stand");
        }
    }

    /** With every axis that the step must have, so that no axis is said to be missing. */
    private Matrix failed() {
        return Matrix.failed(List.copyOf(step.spec().axes()));
    }
}
