package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import io.quarkus.panache.common.Parameters;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Says that this worker lives, and notices that others do not. Only counters are compared, on this process's own
 * monotonic clock; clocks of different machines are never compared.
 */
public final class Leases {
    static final long SILENT_NANOS = 20_000_000_000L;
    private final Identity identity;
    private final int lightSlots;
    private final int deviceSlots;
    private final Ending ending;
    private final HandOver handOver;
    private final Predicate<CellRequest> carried;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(long beat, long nanos) {}

    /**
     * @param carried whether this process is carrying an attempt out
     * @param nanos a monotonic clock
     */
    Leases(
            Identity identity,
            int lightSlots,
            int deviceSlots,
            Ending ending,
            HandOver handOver,
            Predicate<CellRequest> carried,
            Clock clock,
            LongSupplier nanos) {
        this.identity = identity;
        this.lightSlots = lightSlots;
        this.deviceSlots = deviceSlots;
        this.ending = ending;
        this.handOver = handOver;
        this.carried = carried;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Enters this worker; attempts of an earlier boot of the same home are lost at once. */
    public void enter() {
        WorkerRow old = Tx.call(() -> WorkerRow.findById(identity.worker()));
        Tx.run(() -> {
            WorkerRow row = WorkerRow.findById(identity.worker());
            boolean fresh = row == null;
            WorkerRow worker = fresh ? new WorkerRow() : row;
            worker.id = identity.worker();
            worker.boot = identity.boot();
            worker.lightSlots = lightSlots;
            worker.deviceSlots = deviceSlots;
            worker.beat = 0;
            worker.startedAt = clock.instant();
            if (fresh) {
                worker.persist();
            }
        });
        if (old != null && !old.boot.equals(identity.boot())) {
            lose(old.boot, "the worker was stopped or killed and has started again");
        }
        sweep();
        handOver.fill();
    }

    /** Leaves in order: nothing is started here any more, and what runs here starts again elsewhere or later. */
    public void leave() {
        Tx.run(() -> WorkerRow.delete("id = ?1 and boot = ?2", identity.worker(), identity.boot()));
        sweep();
    }

    /** Raises this worker's counter; enters again where somebody thought it dead. */
    public void beat() {
        int raised = Tx.call(() -> WorkerRow.update(
                "beat = beat + 1 where id = :id and boot = :boot",
                Parameters.with("id", identity.worker()).and("boot", identity.boot())));
        if (raised == 0) {
            enter();
        }
    }

    /** Declares workers dead whose counter has stood still. */
    public void observe() {
        List<WorkerRow> workers;
        try {
            workers = Tx.call(() -> WorkerRow.listAll());
        } catch (RuntimeException databaseAway) {
            seen.clear();
            throw databaseAway;
        }
        long now = nanos.getAsLong();
        for (WorkerRow worker : workers) {
            Seen last = seen.get(worker.boot);
            if (last == null || last.beat() != worker.beat) {
                seen.put(worker.boot, new Seen(worker.beat, now));
            } else if (now - last.nanos() >= SILENT_NANOS && declareDead(worker)) {
                lose(worker.boot, "the worker was silent for 20 seconds");
            }
        }
        sweep();
        handOver.fill();
    }

    /** Ends attempts that nobody carries out: of workers that are gone, and of this one where it lost track of them. */
    private void sweep() {
        lose(
                Tx.call(() -> CellRow.list(
                        "state = ?1 and worker not in (select w.boot from WorkerRow w)", CellState.RUNNING)),
                "it is gone");
        List<CellRow> own =
                Tx.call(() -> CellRow.list("worker = ?1 and state = ?2", identity.boot(), CellState.RUNNING));
        lose(
                own.stream().filter(cell -> !carried.test(request(cell))).toList(),
                "it lost track of the attempt while the database was away");
    }

    private static boolean declareDead(WorkerRow worker) {
        return Tx.call(() ->
                        WorkerRow.delete("id = ?1 and boot = ?2 and beat = ?3", worker.id, worker.boot, worker.beat))
                == 1;
    }

    private void lose(String boot, String reason) {
        lose(Tx.call(() -> CellRow.list("worker = ?1 and state = ?2", boot, CellState.RUNNING)), reason);
    }

    private static CellRequest request(CellRow cell) {
        return new CellRequest(cell.runId, cell.ordinal, cell.attempt);
    }

    private void lose(List<CellRow> running, String reason) {
        for (CellRow cell : running) {
            ending.finish(
                    request(cell),
                    new Ending.Outcome(
                            CellState.FAILED,
                            Cause.INFRA,
                            "Worker %s was lost: %s.".formatted(cell.worker, reason),
                            null,
                            null,
                            null));
        }
    }
}
