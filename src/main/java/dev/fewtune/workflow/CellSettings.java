package dev.fewtune.workflow;

import dev.fewtune.spec.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of the cells of one step. What stands later in this list wins: {@code with}, the variant of the method,
 * {@code include}, the axes.
 */
final class CellSettings {
    private final StepEntry step;
    private final Set<String> axes;
    private final Problems problems;
    private final Map<String, Placed> constant = new LinkedHashMap<>();
    private final Map<String, Tree.Entry> computed = new LinkedHashMap<>();
    private final List<Changed> included = new ArrayList<>();

    /** @param at where it was said */
    record Placed(Object value, Mark at) {
        String text() {
            return String.valueOf(value);
        }
    }

    private record Changed(Rule rule, Map<String, Placed> settings) {}

    /** @param include rules that change settings of the cells that they match */
    CellSettings(StepEntry step, Matrix matrix, List<Rule> include, Problems problems) {
        this.step = step;
        this.axes = new LinkedHashSet<>(matrix.axes());
        this.problems = problems;
        step.with().forEach(this::addSaid);
        for (Rule rule : include) {
            Map<String, Placed> settings = new LinkedHashMap<>();
            rule.settings().forEach((name, entry) -> {
                if (isKnown(name, entry.key())) {
                    put(settings, name, entry.value());
                }
            });
            included.add(new Changed(rule, settings));
        }
    }

    private void addSaid(String name, Tree.Entry entry) {
        if (step.spec().axes().contains(name)
                || step.matrix().axes().containsKey(name)
                || !isKnown(name, entry.key())) {
            return;
        }
        if (axes.contains(name)) {
            problems.add(
                    entry.key(),
                    "matrix",
                    "%s stands under with and is an axis of the matrix that %s takes over".formatted(name, step.name()),
                    "leave it out here");
        } else if (Resolver.holdsExpression(entry.value())) {
            computed.put(name, entry);
        } else {
            put(constant, name, entry.value());
        }
    }

    /** Those that are said, in their canonical form; defaults are not filled in. */
    Map<String, Placed> of(Map<String, Axis.Value> combination, Resolver resolver) {
        Map<String, Placed> settings = new LinkedHashMap<>(constant);
        computed.forEach((name, entry) -> put(settings, name, resolver.resolve(entry.value())));
        Axis.Value method = combination.get(Axis.METHOD);
        if (method != null && method.variant() != null && step.spec().axes().contains(Axis.METHOD)) {
            put(settings, method.variant(), method.at());
        }
        for (Changed changed : included) {
            resolver.budget().work(1);
            if (changed.rule().matches(combination)) {
                settings.putAll(changed.settings());
            }
        }
        combination.forEach((axis, value) -> put(settings, axis, value));
        settings.forEach((name, placed) -> step.spec()
                .setting(name)
                .map(Setting::need)
                .filter(need -> !need.value().equals(valueOf(need.setting(), settings)))
                .ifPresent(need -> problems.add(
                        placed.at(),
                        "setting",
                        "%s (%s) has an effect only with %s".formatted(name, placed.value(), need),
                        "leave it out, or %s".formatted(need))));
        return settings;
    }

    private Object valueOf(String name, Map<String, Placed> settings) {
        Placed said = settings.get(name);
        return said != null
                ? said.value()
                : step.spec().setting(name).orElseThrow().fallback();
    }

    private void put(Map<String, Placed> settings, Variant variant, Mark at) {
        variant.stepSettings().forEach((name, value) -> {
            if (axes.contains(name)) {
                problems.add(
                        at,
                        "matrix",
                        "the variant %s sets %s, which is an axis of the matrix too".formatted(variant.name(), name),
                        "leave one out");
            }
            settings.put(name, new Placed(value, at));
        });
    }

    private void put(Map<String, Placed> settings, String axis, Axis.Value value) {
        Optional<Setting> setting = step.spec().setting(axis);
        Optional<String> problem = setting.flatMap(known -> known.problem(value.plain()));
        if (problem.isPresent()) {
            problems.add(value.at(), "setting", problem.get());
            return;
        }
        Object canonical = setting.map(known -> known.canonical(value.plain())).orElse(value.plain());
        settings.put(axis, new Placed(canonical, value.at()));
    }

    private void put(Map<String, Placed> settings, String name, Tree value) {
        if (value instanceof Tree.Failed) {
            return;
        }
        Setting setting = step.spec().setting(name).orElseThrow();
        if (value.plain() == null) {
            problems.add(value.at(), "setting", "%s is nothing".formatted(name), "leave it out, or give it a value");
            return;
        }
        Optional<String> problem = setting.problem(value.plain());
        if (problem.isPresent()) {
            problems.add(value.at(), "setting", problem.get());
            return;
        }
        settings.put(name, new Placed(setting.canonical(value.plain()), value.at()));
    }

    private boolean isKnown(String name, Mark at) {
        if (step.spec().setting(name).isPresent()) {
            return true;
        }
        Set<String> known = new LinkedHashSet<>(
                step.spec().settings().stream().map(Setting::name).toList());
        known.addAll(step.spec().axes());
        problems.unknown(at, "setting", name, known, " of " + step.spec().kind());
        return false;
    }
}
