package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.StepSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads one step.
 *
 * @param names of all steps of the file
 */
record StepReader(Catalog catalog, Shapes shapes, Problems problems, Set<String> names) {
    static final int MOST_PARALLEL = 10_000;
    static final int HIGHEST_PRIORITY = 100;

    private static final Set<String> KEYS =
            Set.of("uses", "needs", "matrix", "with", "if", "max-parallel", "priority", "allow-failed");

    /** Empty where the step has no known kind. */
    Optional<StepEntry> read(String name, Mark at, Tree tree) {
        Tree.Mapping step = shapes.mapping(tree, "the step " + name).orElse(null);
        if (step == null) {
            return Optional.empty();
        }
        int problemsBefore = problems.count();
        Names.STEP.check(name, "the name of a step", at, problems);
        shapes.onlyKeys(step, keys(), "in a step");
        new NotYet(shapes, problems).refuseIn(step);
        StepSpec spec = spec(name, at, step);
        List<StepEntry.Need> needs = needs(step);
        MatrixEntry matrix = new MatrixReader(shapes, problems).read(name, at, step.get("matrix"), spec);
        Map<String, Tree.Entry> with = with(step);
        Tree condition = condition(step);
        int maxParallel = whole(step, "max-parallel", 1, MOST_PARALLEL);
        int priority = whole(step, "priority", -HIGHEST_PRIORITY, HIGHEST_PRIORITY);
        boolean allowFailed = step.get("allow-failed") != null
                && shapes.flag(step.get("allow-failed"), "allow-failed").orElse(false);
        if (spec == null) {
            return Optional.empty();
        }
        boolean sound = problems.count() == problemsBefore;
        return Optional.of(new StepEntry(
                name, at, spec, needs, matrix, with, condition, maxParallel, priority, allowFailed, sound));
    }

    private static Set<String> keys() {
        Set<String> keys = new TreeSet<>(KEYS);
        keys.addAll(NotYet.ofSteps());
        keys.add(NotYet.CACHE);
        return keys;
    }

    private StepSpec spec(String name, Mark at, Tree.Mapping step) {
        if (step.get("uses") == null) {
            problems.add(at, "missing-key", "the step %s has no uses".formatted(name));
            return null;
        }
        String kind = shapes.text(step.get("uses"), "uses").orElse(null);
        if (kind == null) {
            return null;
        }
        List<String> kinds = catalog.steps().stream().map(StepSpec::kind).toList();
        if (!kinds.contains(kind)) {
            problems.unknown(step.get("uses").at(), "step kind", kind, kinds);
            return null;
        }
        return catalog.steps().get(kinds.indexOf(kind));
    }

    private List<StepEntry.Need> needs(Tree.Mapping step) {
        Map<String, StepEntry.Need> needs = new LinkedHashMap<>();
        for (Tree item : needed(step.get("needs"))) {
            shapes.text(item, "needs").ifPresent(name -> {
                if (!names.contains(name)) {
                    problems.unknown(item.at(), "step", name, names);
                } else if (needs.putIfAbsent(name, new StepEntry.Need(name, item.at())) != null) {
                    problems.add(item.at(), "duplicate-value", "needs names %s twice".formatted(name));
                }
            });
        }
        return new ArrayList<>(needs.values());
    }

    private List<Tree> needed(Tree tree) {
        if (tree == null) {
            return List.of();
        }
        if (!(tree instanceof Tree.Sequence sequence)) {
            return List.of(tree);
        }
        if (sequence.items().isEmpty()) {
            problems.add(tree.at(), "missing-key", "needs names no step", "leave it out");
        }
        return sequence.items();
    }

    private Map<String, Tree.Entry> with(Tree.Mapping step) {
        return step.get("with") == null
                ? Map.of()
                : shapes.mapping(step.get("with"), "with")
                        .map(Tree.Mapping::entries)
                        .orElse(Map.of());
    }

    private Tree condition(Tree.Mapping step) {
        Tree condition = step.get("if");
        if (condition instanceof Tree.Scalar scalar && scalar.value() instanceof Boolean) {
            return condition;
        }
        return condition == null
                        || shapes.text(condition, "if (true, false or an expression)")
                                .isEmpty()
                ? null
                : condition;
    }

    private int whole(Tree.Mapping step, String key, int min, int max) {
        return step.get(key) == null
                ? 0
                : shapes.whole(step.get(key), key, min, max).orElse(0);
    }
}
