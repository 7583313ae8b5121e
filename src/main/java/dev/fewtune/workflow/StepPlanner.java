package dev.fewtune.workflow;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Plans the cells of one step behind the steps that it needs. */
record StepPlanner(Catalog catalog, Map<String, TaskFiles> tasks, Map<String, Object> inputs, Problems problems) {
    private static final String BACKBONE = "backbone";
    private static final int LONGEST_KEY = 255;

    PlannedStep plan(StepEntry step, Map<String, PlannedStep> before, int firstOrdinal) {
        Resolver resolver = new Resolver(new Scope(inputs, null), problems, new Budget());
        List<PlannedStep> needed = step.needs().stream()
                .map(need -> before.get(need.step()))
                .distinct()
                .toList();
        List<Map<String, Axis.Value>> combinations = combinations(step, needed, before, resolver);
        List<Tree.Mapping> include = new Combinations(problems).rules(step, "include", resolver);
        Join join = new Join(needed);
        List<PlannedCell> cells = new ArrayList<>();
        List<Map<String, Axis.Value>> kept = new ArrayList<>();
        int problemsBefore = problems.count();
        for (Map<String, Axis.Value> combination : combinations) {
            Resolver ofCell = new Resolver(new Scope(inputs, plain(combination)), problems, new Budget());
            if (!wanted(step, ofCell)) {
                continue;
            }
            kept.add(combination);
            cells.add(cell(step, combination, include, join, ofCell, firstOrdinal + cells.size()));
            if (problems.count() > problemsBefore) {
                // The next cells would repeat the same problems.
                break;
            }
        }
        List<String> axes = combinations.isEmpty()
                ? List.of()
                : List.copyOf(combinations.get(0).keySet());
        return new PlannedStep(step, axes, kept, cells);
    }

    private List<Map<String, Axis.Value>> combinations(
            StepEntry step, List<PlannedStep> needed, Map<String, PlannedStep> before, Resolver resolver) {
        if (step.spec().single()) {
            return List.of(Map.of());
        }
        List<Axis> axes = new AxisReader(catalog, tasks, problems).read(step, resolver);
        if (!axes.isEmpty()) {
            return new Combinations(problems).of(step, axes, resolver);
        }
        if ("none".equals(step.matrixFrom())) {
            return List.of(Map.of());
        }
        if (step.matrixFrom() != null) {
            PlannedStep source = before.get(step.matrixFrom());
            if (source == null || !needed.contains(source)) {
                problems.unknown(step.at(), "step", step.matrixFrom(), before.keySet(), " in matrix.from");
                return List.of();
            }
            return source.combinations();
        }
        List<PlannedStep> matrices =
                needed.stream().filter(other -> !other.axes().isEmpty()).toList();
        if (matrices.size() > 1) {
            problems.add(
                    step.at(),
                    "matrix",
                    "the step %s needs %d steps with a matrix and does not say which it takes"
                            .formatted(step.name(), matrices.size()),
                    "matrix: {from: %s}"
                            .formatted(matrices.get(matrices.size() - 1).entry().name()));
            return List.of();
        }
        return matrices.isEmpty() ? List.of(Map.of()) : matrices.get(0).combinations();
    }

    private boolean wanted(StepEntry step, Resolver resolver) {
        if (step.condition() == null) {
            return true;
        }
        Tree condition = step.condition();
        if (condition instanceof Tree.Scalar scalar && scalar.value() instanceof String text && !text.contains("${{")) {
            condition = new Tree.Scalar(
                    "${{" + text + "}}", scalar.at(), scalar.text().right(-3));
        }
        Object value = resolver.resolve(condition).plain();
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value != null) {
            problems.add(step.condition().at(), "wrong-type", "if must be true or false, but is '%s'".formatted(value));
        }
        return false;
    }

    private PlannedCell cell(
            StepEntry step,
            Map<String, Axis.Value> combination,
            List<Tree.Mapping> include,
            Join join,
            Resolver resolver,
            int ordinal) {
        List<PlannedCell> upstream = join.upstream(combination);
        Variant variant = combination.values().stream()
                .map(Axis.Value::variant)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
        Map<String, Object> settings = settings(step, combination, include, upstream, variant, resolver);
        boolean tunes = step.spec().axes().contains("method");
        requireAxes(step, combination);
        return new PlannedCell(
                ordinal,
                step.name(),
                step.spec().kind(),
                key(step, combination),
                shown(combination),
                settings,
                tunes && variant != null ? variant.method() : null,
                tunes && variant != null ? variant.methodSettings() : Map.of(),
                upstream.stream().map(PlannedCell::ordinal).toList(),
                step.allowFailed(),
                step.priority(),
                variant != null && variant.control());
    }

    private Map<String, Object> settings(
            StepEntry step,
            Map<String, Axis.Value> combination,
            List<Tree.Mapping> include,
            List<PlannedCell> upstream,
            Variant variant,
            Resolver resolver) {
        Map<String, Object> settings = new LinkedHashMap<>();
        step.with().forEach((name, entry) -> {
            if (!step.spec().axes().contains(name)) {
                put(settings, step, name, entry.key(), resolver.resolve(entry.value()));
            }
        });
        if (variant != null && step.spec().axes().contains("method")) {
            settings.putAll(variant.stepSettings());
        }
        for (Tree.Mapping rule : include) {
            if (Combinations.matches(combination, rule, combination.keySet())) {
                rule.entries().forEach((name, entry) -> {
                    if (!combination.containsKey(name)) {
                        put(settings, step, name, entry.key(), entry.value());
                    }
                });
            }
        }
        combination.forEach((axis, value) -> settings.put(axis, value.plain()));
        inheritBackbone(step, settings, upstream);
        return settings;
    }

    private void put(Map<String, Object> settings, StepEntry step, String name, Mark at, Tree value) {
        Optional<Setting> setting = step.spec().settings().stream()
                .filter(known -> known.name().equals(name))
                .findFirst();
        if (setting.isEmpty()) {
            Set<String> known = new LinkedHashSet<>(
                    step.spec().settings().stream().map(Setting::name).toList());
            known.addAll(step.spec().axes());
            problems.unknown(at, "setting", name, known, " of " + step.spec().kind());
            return;
        }
        if (value.plain() == null) {
            return;
        }
        Optional<String> problem = setting.get().problem(value.plain());
        if (problem.isPresent()) {
            problems.add(value.at(), "setting", problem.get());
            return;
        }
        settings.put(name, setting.get().canonical(value.plain()));
    }

    /** The backbone is said once, upstream; another one downstream would not fit its tokens. */
    private void inheritBackbone(StepEntry step, Map<String, Object> settings, List<PlannedCell> upstream) {
        Set<Object> above = upstream.stream()
                .map(cell -> cell.settings().get(BACKBONE))
                .filter(found -> found != null)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Object own = settings.get(BACKBONE);
        Mark at = step.with().containsKey(BACKBONE)
                ? step.with().get(BACKBONE).value().at()
                : step.at();
        if (own == null && above.size() == 1) {
            settings.put(BACKBONE, above.iterator().next());
            return;
        }
        if (own != null && !above.isEmpty() && !above.equals(Set.of(own))) {
            problems.add(
                    at,
                    "backbone",
                    "the step %s asks for the backbone %s, but its input was made for %s"
                            .formatted(step.name(), own, above),
                    "leave it out here");
        }
        boolean takes = step.spec().settings().stream()
                .anyMatch(setting -> setting.name().equals(BACKBONE));
        if (own == null && takes && above.isEmpty()) {
            problems.add(
                    step.at(),
                    "missing-setting",
                    "the step %s does not say its backbone".formatted(step.name()),
                    "with: {backbone: minilm-l6}");
        }
        List<String> known =
                catalog.backbones().stream().map(BackboneSpec::name).toList();
        if (own != null && !known.contains(own)) {
            problems.unknown(at, "backbone", String.valueOf(own), known);
        }
    }

    private void requireAxes(StepEntry step, Map<String, Axis.Value> combination) {
        for (String axis : new TreeSet<>(step.spec().axes())) {
            if (!combination.containsKey(axis)) {
                problems.add(
                        step.at(),
                        "missing-axis",
                        "the step %s has no %s".formatted(step.name(), axis),
                        "add it to its matrix or under with");
            }
        }
    }

    private String key(StepEntry step, Map<String, Axis.Value> combination) {
        if (combination.isEmpty()) {
            return step.name();
        }
        String key = combination.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().shown())
                .collect(Collectors.joining(",", step.name() + "[", "]"));
        if (key.length() > LONGEST_KEY) {
            problems.add(step.at(), "too-long", "the key of a cell is longer than 255 characters: " + key);
            return step.name();
        }
        return key;
    }

    private static Map<String, String> shown(Map<String, Axis.Value> combination) {
        Map<String, String> shown = new LinkedHashMap<>();
        combination.forEach((axis, value) -> shown.put(axis, value.shown()));
        return shown;
    }

    private static Map<String, Object> plain(Map<String, Axis.Value> combination) {
        Map<String, Object> plain = new LinkedHashMap<>();
        combination.forEach((axis, value) -> plain.put(axis, value.plain()));
        return plain;
    }
}
