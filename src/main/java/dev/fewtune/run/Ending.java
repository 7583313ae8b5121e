package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import io.quarkus.panache.common.Parameters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * Starts and ends attempts. A write from an attempt that is no longer current is refused: the attempt number is the
 * fence. Ending locks the row of the run first, so that two cells that end together cannot both miss a join.
 */
final class Ending {
    private static final int MOST_LOSSES = 5;
    private static final int MOST_RETRIES = 2;
    /** Before the first retry of a failure in passing; doubled before each further one. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

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

    /**
     * Takes a ready cell to running.
     *
     * @return the first attempt whose checkpoints this one may use; empty where it is not the current one or was taken
     */
    OptionalInt start(CellRequest request, String boot) {
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
                return OptionalInt.empty();
            }
            AttemptRow attempt = new AttemptRow();
            attempt.cellId = id;
            attempt.attempt = request.attempt();
            attempt.state = CellState.RUNNING;
            attempt.startedAt = now;
            attempt.worker = boot;
            attempt.persist();
            return OptionalInt.of(CellRow.<CellRow>findById(id).freshFrom);
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
            if (run.state != RunState.CANCELLING && triesAgain(cell, outcome.cause())) {
                return true;
            }
            if (outcome.score() != null) {
                addScore(request, outcome.score());
            }
            cell.progress = outcome.state().usable() ? 1 : cell.progress;
            cell.manifest = outcome.manifest();
            cell.end(outcome.state(), outcome.cause(), outcome.message(), clock.instant());
            run.count(cell.state, 1);
            Cascade.from(cell, run, clock.instant());
            run.derive(clock.instant());
            return true;
        });
    }

    private void closeAttempt(CellRow cell, Outcome outcome) {
        AttemptRow attempt = AttemptRow.current(cell);
        attempt.state = outcome.state();
        attempt.cause = outcome.cause();
        attempt.message = CellRow.cut(outcome.message());
        attempt.trace = outcome.trace();
        attempt.endedAt = clock.instant();
    }

    private boolean triesAgain(CellRow cell, Cause cause) {
        if (cause == Cause.INFRA && cell.losses < MOST_LOSSES) {
            cell.losses++;
            cell.ready(clock.instant());
            return true;
        }
        if (cause == Cause.TRANSIENT && cell.retries < MOST_RETRIES) {
            cell.ready(clock.instant(), PAUSE.multipliedBy(1L << cell.retries));
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
}
