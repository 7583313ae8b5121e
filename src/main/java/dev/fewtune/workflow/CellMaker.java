package dev.fewtune.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts a planned cell together. */
record CellMaker(
        StepEntry step,
        CellSettings settings,
        BackboneRules backbones,
        PathRules paths,
        MetricRules metrics,
        ObjectiveRules objectives,
        SourceRules sources,
        Problems problems) {
    private static final int LONGEST_KEY = 255;
    private static final int SHOWN_KEY = 100;

    /** @param resolver knows the values of the combination */
    PlannedCell cell(int ordinal, Map<String, Axis.Value> combination, List<Join.Group> upstream, Resolver resolver) {
        Map<String, CellSettings.Placed> own = settings.of(combination, resolver);
        backbones.settle(own, upstream);
        paths.settle(own);
        metrics.check(own, combination);
        objectives.check(own, combination);
        Variant variant = combination.values().stream()
                .map(Axis.Value::variant)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
        sources.check(variant, upstream);
        Map<String, String> shown = new LinkedHashMap<>();
        combination.forEach((axis, value) -> shown.put(axis, value.shown()));
        Map<String, Object> plain = new LinkedHashMap<>();
        own.forEach((name, setting) -> plain.put(name, setting.value()));
        boolean tunes = variant != null && step.spec().axes().contains(Axis.METHOD);
        return new PlannedCell(
                ordinal,
                step.name(),
                step.spec().kind(),
                key(shown),
                shown,
                plain,
                tunes ? variant.method() : null,
                tunes ? variant.methodSettings() : Map.of(),
                Join.ordinals(upstream),
                step.allowFailed(),
                step.priority(),
                variant != null && variant.control());
    }

    private String key(Map<String, String> shown) {
        if (shown.isEmpty()) {
            return step.name();
        }
        String key = shown.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(",", step.name() + "[", "]"));
        if (key.length() > LONGEST_KEY) {
            problems.add(
                    step.at(),
                    "too-long",
                    "the key %s… of a cell has %d characters; at most %d are allowed"
                            .formatted(key.substring(0, SHOWN_KEY), key.length(), LONGEST_KEY),
                    "fewer axes, or shorter names");
            return step.name();
        }
        return key;
    }
}
