package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Pool;
import io.quarkus.panache.common.Parameters;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Puts ready cells into the queue: per pool only as many as there are free slots and one more per worker, so that the
 * order stays ours until the last moment. Any process may do it; a conditional update decides who does.
 */
final class HandOver {
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
        Crowd crowd = Crowd.of(pool);
        long free = slots(pool) - crowd.size();
        int handed = 0;
        while (handed < free) {
            int before = handed;
            for (CellRow cell : crowd.admitted(pool, clock.instant(), (int) free - handed)) {
                if (crowd.admits(cell) && take(cell)) {
                    hands.enqueue(pool, new CellRequest(cell.runId, cell.ordinal, cell.attempt), job(cell));
                    crowd.add(cell);
                    handed++;
                }
            }
            if (handed == before) {
                break;
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
