package dev.fewtune.run;

import io.quarkus.panache.common.Parameters;
import java.time.Clock;
import java.util.List;

/**
 * Cancel, retry and rerun. Each runs in the caller's transaction and locks the row of the run first. What starts again
 * with what is said at {@link Restart}.
 */
record Verbs(Clock clock) {

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

    /** @return how many cells start again */
    int retryFailed(long id) {
        Restart restart = new Restart(open(id), clock.instant());
        List<CellRow> failed = restart.cells().stream().filter(Verbs::retriable).toList();
        if (failed.isEmpty()) {
            throw new Runs.NotAllowed("Run %s has nothing that failed.".formatted(id));
        }
        return restart.of(failed, false);
    }

    void retry(long id, int ordinal) {
        Restart restart = new Restart(open(id), clock.instant());
        CellRow cell = restart.cell(ordinal);
        if (!retriable(cell)) {
            throw new Runs.NotAllowed(
                    "%s is %s; only a cell that failed, was cancelled or was skipped can be retried.%s"
                            .formatted(cell.key, cell.state, cell.state.ended() ? " Maybe rerun it." : ""));
        }
        restart.of(List.of(cell), false);
    }

    void rerun(long id, int ordinal) {
        Restart restart = new Restart(open(id), clock.instant());
        CellRow cell = restart.cell(ordinal);
        if (!cell.state.ended()) {
            throw new Runs.NotAllowed(
                    "%s is %s; only a cell that ended can be run again.".formatted(cell.key, cell.state));
        }
        restart.of(List.of(cell), true);
    }

    private static boolean retriable(CellRow cell) {
        return cell.state.ended() && !cell.state.usable();
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
