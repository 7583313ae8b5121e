package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says which cells of a step wait for a cell that does not exist, or cannot know which of several they take. */
record NeedCheck(StepEntry step, List<PlannedStep> needed, Join join, Problems problems) {
    private static final int SHOWN = 2;

    /** @param matrix one combination per cell */
    void check(Matrix matrix, List<PlannedCell> cells) {
        List<List<Join.Group>> groups =
                matrix.combinations().stream().map(join::groups).toList();
        for (int need = 0; need < needed.size(); need++) {
            none(need, matrix, cells, groups);
        }
        if (!step.spec().single()) {
            several(cells, groups);
        }
    }

    private void none(int need, Matrix matrix, List<PlannedCell> cells, List<List<Join.Group>> groups) {
        List<Integer> without = IntStream.range(0, cells.size())
                .filter(cell -> groups.get(cell).get(need).cells().isEmpty())
                .filter(cell -> !isSwitchedOff(need, groups.get(cell)))
                .boxed()
                .toList();
        if (without.isEmpty()) {
            return;
        }
        int first = without.get(0);
        String values = join.shared(need).stream()
                .map(axis ->
                        axis + "=" + matrix.combinations().get(first).get(axis).shown())
                .collect(Collectors.joining(", "));
        String name = needed.get(need).entry().name();
        problems.add(
                step.needs().get(need).at(),
                "no-such-need",
                "the cell %s needs a cell of %s%s, and there is none%s"
                        .formatted(
                                cells.get(first).key(),
                                name,
                                values.isEmpty() ? "" : " with " + values,
                                without.size() == 1 ? "" : "; nor for %,d more cells".formatted(without.size() - 1)),
                "exclude the same here, or let %s have it".formatted(name));
    }

    /** A step all of whose cells an {@code if} left out is not waited for, as long as another need serves the cell. */
    private boolean isSwitchedOff(int need, List<Join.Group> groups) {
        Set<String> takes = step.spec().takes();
        boolean served = takes.isEmpty()
                || groups.stream()
                        .flatMap(group -> group.cells().stream())
                        .anyMatch(cell -> takes.contains(cell.kind()));
        return needed.get(need).cells().isEmpty() && served;
    }

    private void several(List<PlannedCell> cells, List<List<Join.Group>> groups) {
        for (int cell = 0; cell < cells.size(); cell++) {
            List<PlannedCell> fitting = groups.get(cell).stream()
                    .flatMap(group -> group.cells().stream())
                    .filter(upstream -> step.spec().takes().contains(upstream.kind()))
                    .toList();
            if (fitting.size() > 1) {
                several(cells.get(cell), fitting);
                return;
            }
        }
    }

    private void several(PlannedCell cell, List<PlannedCell> fitting) {
        String keys = fitting.stream().limit(SHOWN).map(PlannedCell::key).collect(Collectors.joining(", "));
        Set<String> axes = new LinkedHashSet<>();
        fitting.forEach(upstream -> axes.addAll(upstream.axes().keySet()));
        axes.removeAll(cell.axes().keySet());
        problems.add(
                step.needs().get(first(fitting)).at(),
                "several-needs",
                "the cell %s takes one cell of %s, but %,d cells fit: %s%s"
                        .formatted(
                                cell.key(), names(fitting), fitting.size(), keys, fitting.size() > SHOWN ? ", …" : ""),
                axes.isEmpty()
                        ? "need one of the steps only"
                        : "an axis %s in the matrix of %s too".formatted(String.join(", ", axes), step.name()));
    }

    private int first(List<PlannedCell> fitting) {
        List<String> names = needed.stream().map(need -> need.entry().name()).toList();
        return names.indexOf(fitting.get(0).step());
    }

    private static String names(List<PlannedCell> cells) {
        List<String> names = new ArrayList<>(
                new LinkedHashSet<>(cells.stream().map(PlannedCell::step).toList()));
        return String.join(" or ", names);
    }
}
