package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts steps behind what they need, else in the order of the file; says where there is a cycle or a missing kind. */
record StepOrder(Problems problems) {

    /** Empty where there is a cycle. */
    List<StepEntry> sorted(List<StepEntry> steps) {
        Map<String, StepEntry> byName = new LinkedHashMap<>();
        steps.forEach(step -> byName.put(step.name(), step));
        Map<String, StepEntry> sorted = new LinkedHashMap<>();
        for (StepEntry step : steps) {
            if (!visit(step, byName, new LinkedHashSet<>(), sorted)) {
                return List.of();
            }
        }
        steps.forEach(step -> requireKinds(step, byName));
        return List.copyOf(sorted.values());
    }

    private boolean visit(
            StepEntry step, Map<String, StepEntry> byName, Set<String> path, Map<String, StepEntry> sorted) {
        if (sorted.containsKey(step.name())) {
            return true;
        }
        if (path.contains(step.name())) {
            List<String> names = List.copyOf(path);
            List<String> cycle = new ArrayList<>(names.subList(names.indexOf(step.name()), names.size()));
            cycle.add(step.name());
            problems.add(step.at(), "cycle", "the steps need each other in a circle: " + String.join(" → ", cycle));
            return false;
        }
        path.add(step.name());
        for (StepEntry.Need need : step.needs()) {
            if (!visit(byName.get(need.step()), byName, path, sorted)) {
                return false;
            }
        }
        path.remove(step.name());
        sorted.put(step.name(), step);
        return true;
    }

    private void requireKinds(StepEntry step, Map<String, StepEntry> byName) {
        Set<String> kinds = step.needs().stream()
                .map(need -> byName.get(need.step()).spec().kind())
                .collect(Collectors.toSet());
        Set<String> wanted = step.spec().takes();
        if (!wanted.isEmpty() && kinds.stream().noneMatch(wanted::contains)) {
            problems.add(
                    step.at(),
                    "missing-need",
                    "the step %s (%s) needs a step that uses %s"
                            .formatted(step.name(), step.spec().kind(), String.join(" or ", wanted)),
                    advice(wanted, byName));
        }
    }

    private static String advice(Set<String> wanted, Map<String, StepEntry> byName) {
        return byName.values().stream()
                .filter(step -> wanted.contains(step.spec().kind()))
                .findFirst()
                .map(step -> "needs: [%s]".formatted(step.name()))
                .orElse("");
    }
}
