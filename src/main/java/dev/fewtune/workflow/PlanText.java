package dev.fewtune.workflow;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A plan for people. */
public final class PlanText {
    private static final int SHOWN = 20;

    private PlanText() {}

    public static String of(Plan plan) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%s: %,d cells%n", plan.name(), plan.cells().size()));
        for (String step : plan.steps()) {
            List<PlannedCell> cells = plan.cells().stream()
                    .filter(cell -> cell.step().equals(step))
                    .toList();
            if (!cells.isEmpty()) {
                step(text, step, cells, made(plan, cells));
            }
        }
        return text.toString();
    }

    /** Backbones of cells that other cells make. */
    private static Set<Object> made(Plan plan, List<PlannedCell> cells) {
        Set<Object> made = new LinkedHashSet<>();
        cells.forEach(cell -> made.add(cell.settings().get(BackboneRules.BACKBONE)));
        made.retainAll(plan.cells().stream()
                .map(cell -> cell.settings().get(BackboneRules.INTO))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        return made;
    }

    private static void step(StringBuilder text, String step, List<PlannedCell> cells, Set<Object> made) {
        text.append(String.format(
                Locale.ROOT,
                "%n%s (%s): %,d %s%n",
                step,
                cells.get(0).kind(),
                cells.size(),
                cells.size() == 1 ? "cell" : "cells"));
        axes(cells).forEach((axis, values) -> text.append("  ")
                .append(axis)
                .append(": ")
                .append(String.join(", ", values))
                .append('\n'));
        made.forEach(folder -> text.append("  the backbone ")
                .append(folder)
                .append(" is made by this run; a cell checks it when it starts\n"));
        for (PlannedCell cell : cells.subList(0, Math.min(SHOWN, cells.size()))) {
            text.append("    ")
                    .append(cell.key())
                    .append(cell.control() ? "  (control, added by Fewtune)" : "")
                    .append('\n');
        }
        if (cells.size() > SHOWN) {
            text.append(String.format(Locale.ROOT, "    … and %,d more%n", cells.size() - SHOWN));
        }
    }

    private static Map<String, Set<String>> axes(List<PlannedCell> cells) {
        Map<String, Set<String>> axes = new LinkedHashMap<>();
        cells.forEach(
                cell -> cell.axes().forEach((axis, value) -> axes.computeIfAbsent(axis, name -> new LinkedHashSet<>())
                        .add(value)));
        return axes;
    }
}
