package dev.fewtune.run;

import io.quarkus.panache.common.Parameters;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Cancel, retry and rerun. Each runs in the caller's transaction and locks the row of the run first. */
record Verbs(Clock clock, Ending ending) {

    void cancel(long id) {
        RunRow run = locked(id);
        if (run.state.ended() || run.state == RunState.CANCELLING) {
            return;
        }
        run.state = RunState.CANCELLING;
        // One statement: a worker may be starting a cell at this moment, and that one is stopped as a running cell.
        int open = CellRow.update(
                "state = :cancelled, endedAt = :now, message = :why where runId = :run and state in :open",
                Parameters.with("cancelled", CellState.CANCELLED)
                        .and("now", clock.instant())
                        .and("why", "Cancelled on request.")
                        .and("run", id)
                        .and("open", List.of(CellState.WAITING, CellState.READY)));
        run.count(CellState.CANCELLED, open);
        run.derive(clock.instant());
    }

    int retryFailed(long id) {
        RunRow run = open(id);
        List<CellRow> cells = CellRow.list("runId", id);
        Set<Long> failed = cells.stream()
                .filter(cell -> cell.state == CellState.FAILED
                        || cell.state == CellState.CANCELLED
                        || cell.state == CellState.SKIPPED)
                .map(cell -> cell.id)
                .collect(Collectors.toSet());
        if (failed.isEmpty()) {
            throw new Runs.NotAllowed("Run %s has nothing that failed.".formatted(id));
        }
        return reset(run, cells, failed).size();
    }

    void retry(long id, int ordinal) {
        RunRow run = open(id);
        List<CellRow> cells = CellRow.list("runId", id);
        CellRow cell = cell(cells, id, ordinal);
        if (cell.state != CellState.FAILED && cell.state != CellState.CANCELLED) {
            throw new Runs.NotAllowed("%s is %s; only a failed or cancelled cell can be retried. Maybe rerun it."
                    .formatted(cell.key, cell.state));
        }
        reset(run, cells, Set.of(cell.id));
    }

    /** @return ordinals of the cells that start anew */
    List<Integer> rerun(long id, int ordinal) {
        RunRow run = open(id);
        List<CellRow> cells = CellRow.list("runId", id);
        CellRow cell = cell(cells, id, ordinal);
        if (!cell.state.ended()) {
            throw new Runs.NotAllowed(
                    "%s is %s; only a cell that ended can be run again.".formatted(cell.key, cell.state));
        }
        return reset(run, cells, Set.of(cell.id));
    }

    /** Takes cells and all ended cells that depend on them back to waiting, and readies those whose needs are met. */
    private List<Integer> reset(RunRow run, List<CellRow> cells, Set<Long> wanted) {
        Map<Long, CellRow> byId = new HashMap<>();
        cells.forEach(cell -> byId.put(cell.id, cell));
        Map<Long, Set<Long>> needs = new HashMap<>();
        Map<Long, Set<Long>> dependants = new HashMap<>();
        for (NeedRow need : NeedRow.<NeedRow>list("runId", run.id)) {
            needs.computeIfAbsent(need.cellId, id -> new HashSet<>()).add(need.upstreamId);
            dependants.computeIfAbsent(need.upstreamId, id -> new HashSet<>()).add(need.cellId);
        }
        Set<Long> reset = withDependants(wanted, dependants, byId);
        for (long id : reset) {
            CellRow cell = byId.get(id);
            run.count(cell.state, -1);
            cell.state = CellState.WAITING;
            cell.progress = 0;
            cell.losses = 0;
            cell.retries = 0;
        }
        Instant now = clock.instant();
        for (CellRow cell : cells) {
            if (cell.state == CellState.WAITING) {
                cell.openNeeds = open(needs.getOrDefault(cell.id, Set.of()), byId, cell.allowFailed);
                if (cell.openNeeds == 0) {
                    cell.ready(now);
                }
            }
        }
        run.state = RunState.RUNNING;
        run.derive(now);
        return reset.stream().map(id -> byId.get(id).ordinal).sorted().toList();
    }

    private static Set<Long> withDependants(
            Collection<Long> wanted, Map<Long, Set<Long>> dependants, Map<Long, CellRow> byId) {
        Set<Long> all = new HashSet<>(wanted);
        Deque<Long> open = new ArrayDeque<>(wanted);
        while (!open.isEmpty()) {
            for (long next : dependants.getOrDefault(open.pop(), Set.of())) {
                if (byId.get(next).state.ended() && all.add(next)) {
                    open.add(next);
                }
            }
        }
        return all;
    }

    private static int open(Set<Long> needs, Map<Long, CellRow> byId, boolean allowFailed) {
        return (int) needs.stream()
                .map(id -> byId.get(id).state)
                .filter(state -> !(state.usable() || (allowFailed && state.ended())))
                .count();
    }

    private static CellRow cell(List<CellRow> cells, long run, int ordinal) {
        return cells.stream()
                .filter(cell -> cell.ordinal == ordinal)
                .findFirst()
                .orElseThrow(() -> new Runs.UnknownRun("Run %s has no cell %s.".formatted(run, ordinal)));
    }

    private static RunRow open(long id) {
        RunRow run = locked(id);
        if (run.state == RunState.CANCELLING) {
            throw new Runs.NotAllowed("Run %s is still being cancelled; try again in a moment.".formatted(id));
        }
        return run;
    }

    private static RunRow locked(long id) {
        RunRow run = RunRow.locked(id);
        if (run == null) {
            throw new Runs.UnknownRun("There is no run %s.".formatted(id));
        }
        return run;
    }
}
