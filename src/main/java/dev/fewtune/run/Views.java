package dev.fewtune.run;

import dev.fewtune.workflow.Plan;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows as people see them. Each method runs in the caller's transaction. */
final class Views {
    private Views() {}

    static RunView brief(RunRow run) {
        Map<CellState, Integer> counts = zeros();
        counts.put(CellState.SUCCEEDED, run.succeeded);
        counts.put(CellState.FAILED, run.failed);
        counts.put(CellState.CANCELLED, run.cancelled);
        counts.put(CellState.SKIPPED, run.skipped);
        counts.put(CellState.CACHED, run.cached);
        return view(run, counts, Map.of(), List.of());
    }

    static RunView full(RunRow run, Plan plan) {
        Map<String, StepCounts> steps = new LinkedHashMap<>();
        plan.steps().forEach(step -> steps.put(step, new StepCounts()));
        List<Object[]> groups = CellRow.getEntityManager()
                .createQuery(
                        "select c.step, c.kind, c.state, count(c), sum(c.progress) from CellRow c where c.runId = :run"
                                + " group by c.step, c.kind, c.state",
                        Object[].class)
                .setParameter("run", run.id)
                .getResultList();
        Map<CellState, Integer> counts = zeros();
        for (Object[] group : groups) {
            CellState state = (CellState) group[2];
            int count = ((Number) group[3]).intValue();
            counts.merge(state, count, Integer::sum);
            steps.computeIfAbsent((String) group[0], step -> new StepCounts())
                    .add((String) group[1], state, count, ((Number) group[4]).doubleValue());
        }
        List<RunView.StepView> views = steps.entrySet().stream()
                .filter(step -> step.getValue().total > 0)
                .map(step -> step.getValue().view(step.getKey()))
                .toList();
        return view(run, counts, plan.inputs(), views);
    }

    static CellView brief(CellRow cell, Map<String, String> axes) {
        return view(cell, axes, List.of(), Map.of());
    }

    static CellView full(CellRow cell, Map<String, String> axes) {
        List<CellView.AttemptView> attempts =
                AttemptRow.<AttemptRow>list("cellId = ?1 order by attempt", cell.id).stream()
                        .map(row -> new CellView.AttemptView(
                                row.attempt,
                                row.state,
                                row.startedAt,
                                row.endedAt,
                                row.worker,
                                row.cause,
                                row.message,
                                row.trace))
                        .toList();
        Map<String, Long> files = new LinkedHashMap<>();
        if (cell.manifest != null) {
            Upstreams.manifest(cell.manifest).files().forEach(entry -> files.put(entry.path(), entry.size()));
        }
        return view(cell, axes, attempts, files);
    }

    private static CellView view(
            CellRow cell, Map<String, String> axes, List<CellView.AttemptView> attempts, Map<String, Long> files) {
        return new CellView(
                cell.runId,
                cell.ordinal,
                cell.step,
                cell.kind,
                cell.key,
                axes,
                cell.state,
                cell.attempt,
                cell.progress,
                cell.message,
                cell.cause,
                cell.readyAt,
                cell.startedAt,
                cell.endedAt,
                cell.worker,
                cell.control,
                attempts,
                files);
    }

    private static RunView view(
            RunRow run, Map<CellState, Integer> counts, Map<String, Object> inputs, List<RunView.StepView> steps) {
        return new RunView(
                run.id,
                run.workflow,
                run.description,
                run.state,
                run.total,
                counts,
                inputs,
                run.createdAt,
                run.endedAt,
                run.createdBy,
                steps);
    }

    private static Map<CellState, Integer> zeros() {
        Map<CellState, Integer> counts = new EnumMap<>(CellState.class);
        for (CellState state : CellState.values()) {
            counts.put(state, 0);
        }
        return counts;
    }

    /** Counts of one step while they are summed. */
    private static final class StepCounts {
        private final Map<CellState, Integer> counts = zeros();
        private String kind = "";
        private int total;
        private double done;

        void add(String stepKind, CellState state, int count, double progress) {
            kind = stepKind;
            total += count;
            counts.merge(state, count, Integer::sum);
            done += state.ended() ? count : progress;
        }

        RunView.StepView view(String name) {
            return new RunView.StepView(name, kind, total, counts, done / total);
        }
    }
}
