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
import java.util.stream.Stream;

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

    /** The nearest upstream cell of a kind, at any distance. */
    static CellWork.Upstream upstream(PlannedCell cell, List<CellWork.Upstream> upstream, String kind) {
        return walk(upstream)
                .filter(candidate -> candidate.cell().kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours("%s needs a %s step upstream.", cell.key(), kind));
    }

    static Path file(CellWork.Upstream upstream, String name) {
        Path file = upstream.files().get(name);
        if (file == null) {
            throw new IllegalStateException("%s left no %s; it has %s."
                    .formatted(upstream.cell().key(), name, upstream.files().keySet()));
        }
        return file;
    }

    private static Stream<CellWork.Upstream> walk(List<CellWork.Upstream> upstream) {
        return Stream.concat(upstream.stream(), upstream.stream().flatMap(near -> walk(near.upstream())));
    }
}
