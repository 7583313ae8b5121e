package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the upstream cells of a cell: those that agree with it on every axis that both have; all of a step with which
 * it shares none. Looks each up by a hash of the shared values, so that a join of n cells costs n.
 */
final class Join {
    private final List<PlannedStep> needed;
    private final List<Map<String, List<PlannedCell>>> indexes = new ArrayList<>();
    private List<List<String>> shared;

    Join(List<PlannedStep> needed) {
        this.needed = needed;
    }

    List<PlannedCell> upstream(Map<String, Axis.Value> combination) {
        if (shared == null) {
            index(combination);
        }
        List<PlannedCell> cells = new ArrayList<>();
        for (int i = 0; i < needed.size(); i++) {
            cells.addAll(indexes.get(i).getOrDefault(values(combination, shared.get(i)), List.of()));
        }
        return cells;
    }

    private void index(Map<String, Axis.Value> first) {
        shared = new ArrayList<>();
        for (PlannedStep step : needed) {
            List<String> both = step.axes().stream().filter(first::containsKey).toList();
            Map<String, List<PlannedCell>> byValues = new HashMap<>();
            for (int i = 0; i < step.cells().size(); i++) {
                byValues.computeIfAbsent(values(step.combinations().get(i), both), key -> new ArrayList<>())
                        .add(step.cells().get(i));
            }
            shared.add(both);
            indexes.add(byValues);
        }
    }

    private static String values(Map<String, Axis.Value> combination, List<String> axes) {
        StringBuilder key = new StringBuilder();
        axes.forEach(axis -> key.append(combination.get(axis).shown()).append('\u0000'));
        return key.toString();
    }
}
