package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the axes of a step, out of its matrix and out of the words under {@code with} that may be axes. */
record AxisReader(PlanContext context, StepEntry step, Problems problems) {
    /** The method whose row stands on every board. */
    static final String CONTROL = "head-only";

    private static final int MOST_AXES = 20;

    List<Axis> read(Resolver resolver) {
        List<Axis> axes = new ArrayList<>();
        step.matrix().axes().forEach((name, entry) -> axes.add(axis(name, entry, resolver)));
        step.with().forEach((name, entry) -> {
            if (step.matrix().axes().containsKey(name)) {
                problems.add(
                        entry.key(),
                        "matrix",
                        "%s stands both in the matrix of %s and under with".formatted(name, step.name()),
                        "leave one out");
            } else if (step.spec().axes().contains(name)) {
                axes.add(axis(name, entry, resolver));
            }
        });
        if (axes.size() > MOST_AXES) {
            problems.add(
                    step.matrix().at(),
                    "too-many-axes",
                    "the matrix of %s has %d axes; at most %d are allowed"
                            .formatted(step.name(), axes.size(), MOST_AXES));
        }
        return axes.stream().map(this::withControl).toList();
    }

    private Axis axis(String name, Tree.Entry entry, Resolver resolver) {
        Tree tree = resolver.resolve(entry.value());
        List<Tree> items = tree instanceof Tree.Sequence sequence ? sequence.items() : List.of(tree);
        List<Axis.Value> values = new ArrayList<>();
        Set<Object> known = new HashSet<>();
        ValueReader reader = new ValueReader(context, step.spec(), problems);
        for (Tree item : items) {
            reader.read(name, item).ifPresent(value -> {
                if (!known.add(reader.canonical(name, value))) {
                    problems.add(
                            item.at(), "duplicate-value", "the axis %s has '%s' twice".formatted(name, value.shown()));
                }
                values.add(value);
            });
        }
        if (items.isEmpty()) {
            problems.add(entry.key(), "empty-axis", "the axis %s has no values".formatted(name));
        }
        return new Axis(name, entry.key(), values);
    }

    /** The control row is a cell like any other, and marked. */
    private Axis withControl(Axis axis) {
        boolean methods = axis.name().equals(Axis.METHOD) && step.spec().axes().contains(Axis.METHOD);
        boolean known = context.catalog().methods().stream()
                .anyMatch(method -> method.name().equals(CONTROL));
        boolean present = axis.values().stream()
                .anyMatch(value ->
                        value.variant() != null && value.variant().method().equals(CONTROL));
        if (!methods || !known || present) {
            return axis;
        }
        List<Axis.Value> values = new ArrayList<>(axis.values());
        Variant control = new Variant(CONTROL, CONTROL, Map.of(), Map.of(), true);
        values.add(new Axis.Value(CONTROL, CONTROL, control, axis.at()));
        return new Axis(axis.name(), axis.at(), values);
    }
}
