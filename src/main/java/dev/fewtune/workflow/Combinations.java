package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The product of axes, without what is excluded. */
record Combinations(Problems problems) {
    static final int MOST = 10_000;

    /** One value per axis, in the order of the axes. */
    List<Map<String, Axis.Value>> of(StepEntry step, List<Axis> axes, Resolver resolver) {
        long size = 1;
        for (Axis axis : axes) {
            size *= Math.max(1, axis.values().size());
        }
        if (size > MOST) {
            problems.add(
                    step.at(),
                    "too-many-cells",
                    "the matrix of %s has %,d cells; at most %,d are allowed".formatted(step.name(), size, MOST),
                    "fewer values, or several workflows");
            return List.of();
        }
        List<Map<String, Axis.Value>> all = List.of(Map.of());
        for (Axis axis : axes) {
            all = times(all, axis);
        }
        return without(step, all, resolver);
    }

    /** Whether a combination has all the values that a rule names. */
    static boolean matches(Map<String, Axis.Value> combination, Tree.Mapping rule, java.util.Collection<String> axes) {
        return rule.entries().entrySet().stream()
                .filter(entry -> axes.contains(entry.getKey()))
                .allMatch(entry -> {
                    Axis.Value value = combination.get(entry.getKey());
                    return value != null
                            && value.shown()
                                    .equals(String.valueOf(
                                            entry.getValue().value().plain()));
                });
    }

    private static List<Map<String, Axis.Value>> times(List<Map<String, Axis.Value>> some, Axis axis) {
        List<Map<String, Axis.Value>> more = new ArrayList<>();
        for (Map<String, Axis.Value> one : some) {
            for (Axis.Value value : axis.values()) {
                Map<String, Axis.Value> longer = new LinkedHashMap<>(one);
                longer.put(axis.name(), value);
                more.add(longer);
            }
        }
        return more;
    }

    private List<Map<String, Axis.Value>> without(
            StepEntry step, List<Map<String, Axis.Value>> all, Resolver resolver) {
        List<Map<String, Axis.Value>> left = all;
        for (Tree.Mapping rule : rules(step, "exclude", resolver)) {
            List<Map<String, Axis.Value>> kept = new ArrayList<>();
            for (Map<String, Axis.Value> one : left) {
                if (!rule.entries().keySet().stream().allMatch(one::containsKey)) {
                    rule.entries().forEach((key, entry) -> {
                        if (!one.containsKey(key)) {
                            problems.unknown(entry.key(), "axis", key, one.keySet());
                        }
                    });
                    return left;
                }
                if (!matches(one, rule, one.keySet())) {
                    kept.add(one);
                }
            }
            if (kept.size() == left.size()) {
                problems.add(rule.at(), "exclude", "this exclude matches no cell");
            }
            left = kept;
        }
        return left;
    }

    /** The maps of {@code exclude} or {@code include}, expressions worked out. */
    List<Tree.Mapping> rules(StepEntry step, String key, Resolver resolver) {
        Tree tree = step.matrix() == null ? null : step.matrix().get(key);
        if (tree == null) {
            return List.of();
        }
        List<Tree.Mapping> rules = new ArrayList<>();
        if (resolver.resolve(tree) instanceof Tree.Sequence sequence) {
            sequence.items()
                    .forEach(item -> new Shapes(problems).mapping(item, key).ifPresent(rules::add));
        } else {
            new Shapes(problems).wrong(tree, key, "a list");
        }
        return rules;
    }
}
