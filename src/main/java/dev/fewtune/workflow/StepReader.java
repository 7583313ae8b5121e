package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.StepSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one step.
 *
 * @param names of all steps of the file
 */
record StepReader(Catalog catalog, Shapes shapes, Problems problems, Set<String> names) {
    private static final Set<String> KEYS = Set.of(
            "uses",
            "needs",
            "matrix",
            "with",
            "if",
            "max-parallel",
            "priority",
            "allow-failed",
            "timeout",
            "retry",
            "resources",
            "checkpoint",
            "cache");
    private static final List<String> NOT_YET = List.of("timeout", "retry", "resources", "checkpoint");

    Optional<StepEntry> read(String name, Mark at, Tree tree) {
        Tree.Mapping step = shapes.mapping(tree, "the step " + name).orElse(null);
        if (step == null) {
            return Optional.empty();
        }
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,49}")) {
            problems.add(at, "name", "the step name '%s' must be letters, digits, - and _, at most 50".formatted(name));
        }
        shapes.onlyKeys(step, KEYS, "in a step");
        refuseNotYet(step);
        StepSpec spec = spec(name, at, step);
        List<StepEntry.Need> needs = needs(step);
        if (spec == null) {
            return Optional.empty();
        }
        return Optional.of(new StepEntry(
                name,
                at,
                spec,
                needs,
                matrix(step),
                matrixFrom(step),
                with(step),
                step.get("if"),
                step.get("max-parallel") == null
                        ? 0
                        : shapes.whole(step.get("max-parallel"), "max-parallel", 1, 10_000)
                                .orElse(0),
                step.get("priority") == null
                        ? 0
                        : shapes.whole(step.get("priority"), "priority", -100, 100)
                                .orElse(0),
                step.get("allow-failed") != null
                        && shapes.flag(step.get("allow-failed"), "allow-failed").orElse(false)));
    }

    private void refuseNotYet(Tree.Mapping step) {
        for (String key : NOT_YET) {
            if (step.get(key) != null) {
                problems.add(
                        step.entries().get(key).key(), "not-yet", "%s is not acted on yet".formatted(key), "remove it");
            }
        }
        Tree cache = step.get("cache");
        if (cache != null && !"off".equals(cache.plain())) {
            problems.add(
                    cache.at(), "not-yet", "cache '%s' is not acted on yet".formatted(cache.plain()), "cache: off");
        }
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
        List<StepEntry.Need> needs = new ArrayList<>();
        Tree tree = step.get("needs");
        List<Tree> items =
                tree instanceof Tree.Sequence sequence ? sequence.items() : tree == null ? List.of() : List.of(tree);
        for (Tree item : items) {
            shapes.text(item, "needs").ifPresent(name -> {
                if (names.contains(name)) {
                    needs.add(new StepEntry.Need(name, item.at()));
                } else {
                    problems.unknown(item.at(), "step", name, names);
                }
            });
        }
        return needs;
    }

    private Tree.Mapping matrix(Tree.Mapping step) {
        Tree tree = step.get("matrix");
        if (tree == null || "none".equals(tree.plain())) {
            return null;
        }
        Tree.Mapping mapping = shapes.mapping(tree, "matrix").orElse(null);
        return mapping == null || mapping.get("from") != null ? null : mapping;
    }

    private String matrixFrom(Tree.Mapping step) {
        Tree tree = step.get("matrix");
        if (tree == null) {
            return null;
        }
        if ("none".equals(tree.plain())) {
            return "none";
        }
        if (tree instanceof Tree.Mapping mapping && mapping.get("from") != null) {
            shapes.onlyKeys(mapping, Set.of("from"), "beside from");
            return shapes.text(mapping.get("from"), "from").orElse(null);
        }
        return null;
    }

    private Map<String, Tree.Entry> with(Tree.Mapping step) {
        return step.get("with") == null
                ? Map.of()
                : shapes.mapping(step.get("with"), "with")
                        .map(mapping -> (Map<String, Tree.Entry>) new LinkedHashMap<>(mapping.entries()))
                        .orElse(Map.of());
    }
}
