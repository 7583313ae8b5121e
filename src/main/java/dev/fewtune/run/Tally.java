package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.Pool;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts over all runs, for a monitor.
 *
 * @param cells by state
 * @param queued ready cells that wait for a slot, by pool
 * @param attempts ended attempts by cause; those that ended well or were cancelled have none
 */
public record Tally(Map<CellState, Long> cells, Map<Pool, Long> queued, Map<Optional<Cause>, Long> attempts) {
    public static Tally take() {
        return Tx.call(() -> new Tally(countCells(), countQueued(), countAttempts()));
    }

    /** Ended cells are summed up in the rows of their runs already. */
    private static Map<CellState, Long> countCells() {
        Map<CellState, Long> cells = new EnumMap<>(CellState.class);
        Object[] ended = CellRow.getEntityManager()
                .createQuery(
                        "select coalesce(sum(r.succeeded), 0), coalesce(sum(r.failed), 0),"
                                + " coalesce(sum(r.cancelled), 0), coalesce(sum(r.skipped), 0),"
                                + " coalesce(sum(r.cached), 0) from RunRow r",
                        Object[].class)
                .getSingleResult();
        cells.put(CellState.SUCCEEDED, number(ended[0]));
        cells.put(CellState.FAILED, number(ended[1]));
        cells.put(CellState.CANCELLED, number(ended[2]));
        cells.put(CellState.SKIPPED, number(ended[3]));
        cells.put(CellState.CACHED, number(ended[4]));
        for (CellState state : CellState.values()) {
            if (!state.ended()) {
                cells.put(state, CellRow.count("state", state));
            }
        }
        return cells;
    }

    private static Map<Pool, Long> countQueued() {
        Map<Pool, Long> queued = new EnumMap<>(Pool.class);
        for (Pool pool : Pool.values()) {
            queued.put(pool, CellRow.count("pool = ?1 and state = ?2", pool, CellState.READY));
        }
        return queued;
    }

    private static Map<Optional<Cause>, Long> countAttempts() {
        Map<Optional<Cause>, Long> attempts = new HashMap<>();
        AttemptRow.getEntityManager()
                .createQuery(
                        "select a.cause, count(a) from AttemptRow a where a.endedAt is not null group by a.cause",
                        Object[].class)
                .getResultList()
                .forEach(group -> attempts.put(Optional.ofNullable((Cause) group[0]), number(group[1])));
        return attempts;
    }

    private static long number(Object sum) {
        return ((Number) sum).longValue();
    }
}
