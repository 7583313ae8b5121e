package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Pool;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Parameters;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Puts ready cells into the queue: per pool only as many as there are free slots and one more per worker, so that the
 * order stays ours until the last moment. Any process may do it; a conditional update decides who does.
 */
final class HandOver {
    private static final int LOOKED_AT = 500;
    private static final int STALE_SECONDS = 15;
    private final Hands hands;
    private final Clock clock;

    HandOver(Hands hands, Clock clock) {
        this.hands = hands;
        this.clock = clock;
    }

    /** Fills both pools and wakes the workers of this process where something was put in. */
    void fill() {
        for (Pool pool : Pool.values()) {
            if (Tx.call(() -> fill(pool)) > 0) {
                hands.wake(pool);
            }
        }
    }

    /** Puts cells back whose job is gone, so that the next filling hands them over again. */
    void reconcile() {
        Tx.run(() -> {
            Instant old = clock.instant().minusSeconds(STALE_SECONDS);
            List<CellRow> handed = CellRow.list("state = ?1 and handed = true and readyAt < ?2", CellState.READY, old);
            for (CellRow cell : handed) {
                if (!hands.alive(cell.pool, job(cell))) {
                    putBack(cell);
                }
            }
        });
    }

    /** Does nothing where the cell was started, or put back by another process, since it was read. */
    private static void putBack(CellRow cell) {
        CellRow.update(
                "handed = false, handing = handing + 1 where id = :id and attempt = :attempt and state = :ready"
                        + " and handed = true and handing = :handing",
                Parameters.with("id", cell.id)
                        .and("attempt", cell.attempt)
                        .and("ready", CellState.READY)
                        .and("handing", cell.handing));
    }

    private int fill(Pool pool) {
        long busy = CellRow.count(
                "pool = ?1 and (state = ?2 or (state = ?3 and handed = true))",
                pool,
                CellState.RUNNING,
                CellState.READY);
        long free = slots(pool) - busy;
        if (free <= 0) {
            return 0;
        }
        List<CellRow> ready = CellRow.<CellRow>find(
                        "pool = ?1 and state = ?2 and handed = false order by priority desc, readyAt, id",
                        pool,
                        CellState.READY)
                .page(Page.ofSize(LOOKED_AT))
                .list();
        Map<String, Long> running = new HashMap<>();
        int handed = 0;
        for (CellRow cell : ready) {
            if (handed < free && mayRun(cell, running) && take(cell)) {
                hands.enqueue(pool, new CellRequest(cell.runId, cell.ordinal, cell.attempt), job(cell));
                handed++;
            }
        }
        return handed;
    }

    /** Slots of all live workers, and one more for each that has any. */
    private static long slots(Pool pool) {
        return WorkerRow.<WorkerRow>listAll().stream()
                .mapToLong(worker -> pool == Pool.LIGHT ? worker.lightSlots : worker.deviceSlots)
                .filter(slots -> slots > 0)
                .map(slots -> slots + 1)
                .sum();
    }

    private static boolean mayRun(CellRow cell, Map<String, Long> running) {
        if (cell.maxParallel == 0) {
            return true;
        }
        String step = cell.runId + "/" + cell.step;
        long now = running.computeIfAbsent(
                step,
                unknown -> CellRow.count(
                        "runId = ?1 and step = ?2 and (state = ?3 or (state = ?4 and handed = true))",
                        cell.runId,
                        cell.step,
                        CellState.RUNNING,
                        CellState.READY));
        if (now >= cell.maxParallel) {
            return false;
        }
        running.put(step, now + 1);
        return true;
    }

    private static boolean take(CellRow cell) {
        return CellRow.update(
                        "handed = true where id = :id and attempt = :attempt and state = :ready and handed = false",
                        Parameters.with("id", cell.id)
                                .and("attempt", cell.attempt)
                                .and("ready", CellState.READY))
                == 1;
    }

    private static UUID job(CellRow cell) {
        String name = "cell/%d/%d/%d".formatted(cell.id, cell.attempt, cell.handing);
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
