package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.TaskSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the axes of a step, out of its matrix and out of the words under {@code with} that may be axes. */
record AxisReader(Catalog catalog, Map<String, TaskFiles> ownTasks, Problems problems) {
    /** The method whose row stands on every board. */
    static final String CONTROL = "head-only";

    private static final Set<String> CHANGES = Set.of("exclude", "include");
    private static final int LONGEST_SHOWN = 80;

    List<Axis> read(StepEntry step, Resolver resolver) {
        List<Axis> axes = new ArrayList<>();
        if (step.matrix() != null) {
            step.matrix().entries().forEach((name, entry) -> {
                if (!CHANGES.contains(name)) {
                    axes.add(axis(step, name, entry.key(), resolver.resolve(entry.value())));
                }
            });
        }
        step.with().forEach((name, entry) -> {
            if (step.spec().axes().contains(name)) {
                axes.add(axis(step, name, entry.key(), resolver.resolve(entry.value())));
            }
        });
        return axes.stream().map(axis -> withControl(step, axis)).toList();
    }

    private Axis axis(StepEntry step, String name, Mark at, Tree tree) {
        List<Tree> items = tree instanceof Tree.Sequence sequence ? sequence.items() : List.of(tree);
        List<Axis.Value> values = new ArrayList<>();
        Set<String> shown = new HashSet<>();
        for (Tree item : items) {
            value(step, name, item).ifPresent(value -> {
                if (!shown.add(value.shown())) {
                    problems.add(
                            item.at(), "duplicate-value", "the axis %s has '%s' twice".formatted(name, value.shown()));
                }
                values.add(value);
            });
        }
        if (items.isEmpty()) {
            problems.add(at, "empty-axis", "the axis %s has no values".formatted(name));
        }
        return new Axis(name, at, values);
    }

    private Optional<Axis.Value> value(StepEntry step, String axis, Tree item) {
        if (axis.equals("method") && step.spec().axes().contains(axis)) {
            return new VariantReader(catalog, step.spec(), problems)
                    .read(item)
                    .map(variant -> new Axis.Value(variant.name(), variant.name(), variant));
        }
        if (!(item instanceof Tree.Scalar) || item.plain() == null) {
            if (item.plain() != null || !(item instanceof Tree.Scalar)) {
                problems.add(
                        item.at(),
                        "wrong-type",
                        "a value of %s must be one word or number, but is %s".formatted(axis, item.shape()));
            }
            return Optional.empty();
        }
        if (axis.equals("task") && !knowsTask(item)) {
            return Optional.empty();
        }
        if (axis.equals("seed") && !(item.plain() instanceof Long)) {
            problems.add(item.at(), "wrong-type", "a seed must be a whole number, but is '%s'".formatted(item.plain()));
            return Optional.empty();
        }
        String text = String.valueOf(item.plain());
        if (text.length() > LONGEST_SHOWN) {
            problems.add(
                    item.at(), "too-long", "a value of %s is longer than %d characters".formatted(axis, LONGEST_SHOWN));
            return Optional.empty();
        }
        return Optional.of(new Axis.Value(text, item.plain(), null));
    }

    private boolean knowsTask(Tree item) {
        Set<String> known = new LinkedHashSet<>(ownTasks.keySet());
        catalog.tasks().stream().map(TaskSpec::name).forEach(known::add);
        if (known.contains(String.valueOf(item.plain()))) {
            return true;
        }
        problems.unknown(item.at(), "task", String.valueOf(item.plain()), known);
        return false;
    }

    /** The control row is a cell like any other, and marked. */
    private Axis withControl(StepEntry step, Axis axis) {
        boolean methods = axis.name().equals("method") && step.spec().axes().contains("method");
        boolean known =
                catalog.methods().stream().anyMatch(method -> method.name().equals(CONTROL));
        boolean present = axis.values().stream()
                .anyMatch(value ->
                        value.variant() != null && value.variant().method().equals(CONTROL));
        if (!methods || !known || present) {
            return axis;
        }
        List<Axis.Value> values = new ArrayList<>(axis.values());
        values.add(new Axis.Value(CONTROL, CONTROL, new Variant(CONTROL, CONTROL, Map.of(), Map.of(), true)));
        return new Axis(axis.name(), axis.at(), values);
    }
}
