package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.workflow.PlannedCell;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What steps read out of a planned cell and its upstream cells. */
final class Cells {
    private Cells() {}

    /** The step kind's own settings with defaults; axes are left aside. */
    static Settings settings(StepSpec spec, PlannedCell cell) {
        Map<String, Object> own = new LinkedHashMap<>(cell.settings());
        own.keySet().removeIf(name -> spec.settings().stream()
                .noneMatch(setting -> setting.name().equals(name)));
        try {
            return Settings.of(spec.settings(), own);
        } catch (IllegalArgumentException problem) {
            throw CellFailure.yours("%s: %s", cell.key(), problem.getMessage());
        }
    }

    /** The value of an axis as text. */
    static String axis(PlannedCell cell, String name) {
        Object value = cell.settings().getOrDefault(name, cell.axes().get(name));
        if (value == null) {
            throw CellFailure.yours("%s needs a %s, in its matrix or under with.", cell.key(), name);
        }
        return value.toString();
    }

    static long seed(PlannedCell cell) {
        return Long.parseLong(axis(cell, "seed"));
    }

    /**
     * The nearest upstream cell of some kinds, at any distance.
     *
     * @throws CellFailure YOURS where there is none, or several at the same distance
     */
    static CellWork.Upstream upstream(PlannedCell cell, List<CellWork.Upstream> upstream, String... kinds) {
        List<String> asked = List.of(kinds);
        String kind = String.join(" or ", asked);
        List<CellWork.Upstream> level = upstream;
        while (!level.isEmpty()) {
            Map<Integer, CellWork.Upstream> found = new LinkedHashMap<>();
            level.stream()
                    .filter(candidate -> asked.contains(candidate.cell().kind()))
                    .forEach(candidate -> found.putIfAbsent(candidate.cell().ordinal(), candidate));
            if (!found.isEmpty()) {
                return only(cell, kind, List.copyOf(found.values()));
            }
            level = level.stream().flatMap(near -> near.upstream().stream()).toList();
        }
        throw CellFailure.yours("%s needs a %s step upstream. Maybe add it to its needs.", cell.key(), kind);
    }

    static Path file(CellWork.Upstream upstream, String name) {
        Path file = upstream.files().get(name);
        if (file == null) {
            throw new IllegalStateException("%s left no %s; it has %s."
                    .formatted(upstream.cell().key(), name, upstream.files().keySet()));
        }
        return file;
    }

    private static CellWork.Upstream only(PlannedCell cell, String kind, List<CellWork.Upstream> found) {
        if (found.size() > 1) {
            throw CellFailure.yours(
                    "%s takes one %s cell, but it needs %s: %s and %s. Maybe give its matrix the axes that tell them apart.",
                    cell.key(),
                    kind,
                    found.size(),
                    found.get(0).cell().key(),
                    found.get(1).cell().key());
        }
        return found.get(0);
    }
}
