package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the upstream cells of a cell: those that agree with it on every axis that both have; all of a step with which
 * it shares none. Looks each up by a hash of the shared values, and cells that wait for the same share one list, so that a
 * join of n cells costs n.
 */
final class Join {
    private final List<List<String>> shared = new ArrayList<>();
    private final List<Map<List<String>, Group>> indexes = new ArrayList<>();

    /**
     * Cells of one step that agree on the shared axes.
     *
     * @param backbones for which they are made
     */
    record Group(List<PlannedCell> cells, List<Integer> ordinals, Set<Object> backbones) {
        static final Group NONE = of(List.of());

        static Group of(List<PlannedCell> cells) {
            Set<Object> backbones = new LinkedHashSet<>();
            cells.forEach(cell -> backbones.add(cell.settings().get(BackboneRules.BACKBONE)));
            backbones.remove(null);
            List<Integer> ordinals = cells.stream().map(PlannedCell::ordinal).toList();
            return new Group(List.copyOf(cells), List.copyOf(ordinals), backbones);
        }
    }

    /** @param axes of the step whose cells wait */
    Join(List<PlannedStep> needed, List<String> axes) {
        for (PlannedStep step : needed) {
            List<String> both =
                    step.matrix().axes().stream().filter(axes::contains).toList();
            shared.add(both);
            indexes.add(index(step, both));
        }
    }

    private static Map<List<String>, Group> index(PlannedStep step, List<String> axes) {
        Map<List<String>, List<PlannedCell>> cells = new HashMap<>();
        for (int i = 0; i < step.cells().size(); i++) {
            cells.computeIfAbsent(values(step.matrix().combinations().get(i), axes), key -> new ArrayList<>())
                    .add(step.cells().get(i));
        }
        Map<List<String>, Group> groups = new HashMap<>();
        cells.forEach((key, group) -> groups.put(key, Group.of(group)));
        return groups;
    }

    private static List<String> values(Map<String, Axis.Value> combination, List<String> axes) {
        return axes.stream().map(axis -> combination.get(axis).shown()).toList();
    }

    /** The cells of each needed step. */
    List<Group> groups(Map<String, Axis.Value> combination) {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < indexes.size(); i++) {
            groups.add(indexes.get(i).getOrDefault(values(combination, shared.get(i)), Group.NONE));
        }
        return groups;
    }

    /** The axes that the waiting step has in common with a needed one, by its place. */
    List<String> shared(int needed) {
        return shared.get(needed);
    }

    static List<Integer> ordinals(List<Group> groups) {
        if (groups.size() == 1) {
            return groups.get(0).ordinals();
        }
        return groups.stream().flatMap(group -> group.ordinals().stream()).toList();
    }
}
