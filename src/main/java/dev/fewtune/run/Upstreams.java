package dev.fewtune.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.artifact.Manifest;
import dev.fewtune.artifact.Store;
import dev.fewtune.db.Tx;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlannedCell;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what a cell gets from the cells that it needs, and they from theirs. */
record Upstreams(Store store) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Values in one query. */
    private static final int AT_ONCE = 500;

    private record Found(String state, String manifest, String message) {}

    List<CellWork.Upstream> of(Plan plan, long run, int ordinal) {
        Set<Integer> above = above(plan, ordinal);
        Map<Integer, Found> found = Tx.call(() -> {
            Map<Integer, Found> states = new HashMap<>();
            rows(run, above)
                    .forEach(row -> states.put(row.ordinal, new Found(row.state.name(), row.manifest, row.message)));
            return states;
        });
        Map<Integer, CellWork.Upstream> made = new HashMap<>();
        return plan.cells().get(ordinal).needs().stream()
                .map(need -> upstream(plan, need, found, made))
                .toList();
    }

    private static Set<Integer> above(Plan plan, int ordinal) {
        Set<Integer> above = new LinkedHashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(ordinal));
        while (!open.isEmpty()) {
            plan.cells().get(open.pop()).needs().stream().filter(above::add).forEach(open::add);
        }
        return above;
    }

    /** Most cells stand on a few others; a board may stand on all. */
    private static List<CellRow> rows(long run, Set<Integer> ordinals) {
        return ordinals.size() > AT_ONCE
                ? CellRow.list("runId", run)
                : CellRow.list("runId = ?1 and ordinal in ?2", run, ordinals);
    }

    private CellWork.Upstream upstream(
            Plan plan, int ordinal, Map<Integer, Found> found, Map<Integer, CellWork.Upstream> made) {
        CellWork.Upstream known = made.get(ordinal);
        if (known != null) {
            return known;
        }
        PlannedCell cell = plan.cells().get(ordinal);
        Found row = found.get(ordinal);
        CellWork.Upstream upstream = new CellWork.Upstream(
                cell,
                row.state(),
                files(row.manifest()),
                row.message(),
                cell.needs().stream()
                        .map(need -> upstream(plan, need, found, made))
                        .toList());
        made.put(ordinal, upstream);
        return upstream;
    }

    Map<String, Path> files(String manifest) {
        Map<String, Path> files = new LinkedHashMap<>();
        if (manifest != null) {
            manifest(manifest).files().forEach(entry -> files.put(entry.path(), store.path(entry)));
        }
        return files;
    }

    static Manifest manifest(String json) {
        try {
            return JSON.readValue(json, Manifest.class);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("A manifest cannot be read: " + json, corrupt);
        }
    }
}
