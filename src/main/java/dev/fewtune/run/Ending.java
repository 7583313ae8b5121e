package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import io.quarkus.panache.common.Parameters;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Starts and ends attempts. A write from an attempt that is no longer current is refused: the attempt number is the
 * fence. Ending locks the row of the run first, so that two cells that end together cannot both miss a join.
 */
final class Ending {
    private static final int MOST_LOSSES = 5;
    private static final int MOST_RETRIES = 2;
    private static final int MOST_MESSAGE = 2000;
    private final Clock clock;

    Ending(Clock clock) {
        this.clock = clock;
    }

    /**
     * How an attempt ended.
     *
     * @param cause null for a success
     * @param manifest JSON, for a success
     * @param score the text of score.json, or null
     */
    record Outcome(CellState state, Cause cause, String message, String trace, String manifest, String score) {}

    /** Takes a ready cell to running; false where the attempt is not the current one or was taken. */
    boolean start(CellRequest request, String boot) {
        return Tx.call(() -> {
            long id = CellRow.id(request.run(), request.ordinal());
            Instant now = clock.instant();
            int taken = CellRow.update(
                    "state = :running, worker = :boot, startedAt = :now where id = :id and attempt = :attempt and state = :ready",
                    Parameters.with("running", CellState.RUNNING)
                            .and("boot", boot)
                            .and("now", now)
                            .and("id", id)
                            .and("attempt", request.attempt())
                            .and("ready", CellState.READY));
            if (taken == 0) {
                return false;
            }
            AttemptRow attempt = new AttemptRow();
            attempt.cellId = id;
            attempt.attempt = request.attempt();
            attempt.state = CellState.RUNNING;
            attempt.startedAt = now;
            attempt.worker = boot;
            attempt.persist();
            return true;
        });
    }

    /** Ends the current attempt; false where the attempt is not current any more, and then nothing is written. */
    boolean finish(CellRequest request, Outcome outcome) {
        return Tx.call(() -> {
            RunRow run = RunRow.locked(request.run());
            CellRow cell = CellRow.findById(CellRow.id(request.run(), request.ordinal()));
            if (cell == null || cell.attempt != request.attempt() || cell.state != CellState.RUNNING) {
                return false;
            }
            closeAttempt(cell, outcome);
            if (triesAgain(run, cell, outcome.cause())) {
                cell.ready(clock.instant());
                return true;
            }
            if (outcome.score() != null) {
                addScore(request, outcome.score());
            }
            cell.progress = outcome.state().usable() ? 1 : cell.progress;
            cell.manifest = outcome.manifest();
            end(run, cell, outcome.state(), outcome.cause(), outcome.message());
            run.derive(clock.instant());
            return true;
        });
    }

    /** Ends a cell in any state and frees or skips what needs it; the run row is locked by the caller. */
    void end(RunRow run, CellRow cell, CellState state, Cause cause, String message) {
        if (!cell.state.mayBecome(state)) {
            throw new IllegalStateException("%s cannot go from %s to %s.".formatted(cell.key, cell.state, state));
        }
        cell.state = state;
        cell.cause = cause;
        cell.message = cut(message);
        cell.endedAt = clock.instant();
        run.count(state, 1);
        CellRow.getEntityManager().flush();
        List<CellRow> waiting = CellRow.list(
                "state = ?1 and id in (select n.cellId from NeedRow n where n.upstreamId = ?2)",
                CellState.WAITING,
                cell.id);
        for (CellRow next : waiting) {
            if (state.usable() || next.allowFailed) {
                next.openNeeds--;
                if (next.openNeeds == 0) {
                    next.ready(clock.instant());
                }
            } else if (run.state != RunState.CANCELLING) {
                end(run, next, CellState.SKIPPED, null, "%s ended as %s.".formatted(cell.key, state));
            }
        }
    }

    private void closeAttempt(CellRow cell, Outcome outcome) {
        AttemptRow attempt = AttemptRow.find("cellId = ?1 and attempt = ?2", cell.id, cell.attempt)
                .firstResult();
        attempt.state = outcome.state();
        attempt.cause = outcome.cause();
        attempt.message = cut(outcome.message());
        attempt.trace = outcome.trace();
        attempt.endedAt = clock.instant();
    }

    private static boolean triesAgain(RunRow run, CellRow cell, Cause cause) {
        if (run.state == RunState.CANCELLING) {
            return false;
        }
        if (cause == Cause.INFRA && cell.losses < MOST_LOSSES) {
            cell.losses++;
            return true;
        }
        if (cause == Cause.TRANSIENT && cell.retries < MOST_RETRIES) {
            cell.retries++;
            return true;
        }
        return false;
    }

    private static void addScore(CellRequest request, String score) {
        ScoreRow row = new ScoreRow();
        row.runId = request.run();
        row.ordinal = request.ordinal();
        row.attempt = request.attempt();
        row.score = score;
        row.persist();
    }

    private static String cut(String message) {
        return message == null || message.length() <= MOST_MESSAGE ? message : message.substring(0, MOST_MESSAGE);
    }
}
