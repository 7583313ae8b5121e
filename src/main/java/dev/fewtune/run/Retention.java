package dev.fewtune.run;

import dev.fewtune.artifact.Store;
import dev.fewtune.db.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BiPredicate;

/**
 * What is kept, and how long.
 *
 * <ul>
 *   <li>Runs, cells, attempts, scores, curves and artifacts: for ever.
 *   <li>Log lines, and checkpoints of cells that did not succeed: until some days after the end of their run. A run that
 *       was taken up again counts from its new end.
 *   <li>Checkpoints of a cell that succeeded or that started from scratch since, and drafts of attempts that ended: not at
 *       all. Each attempt removes its
 *       own; tidying finds what a killed process left.
 * </ul>
 *
 * Any process may tidy, at any time.
 */
final class Retention {
    /** Rows in one transaction. */
    private static final int AT_ONCE = 5000;

    private final Store store;
    private final Clock clock;
    private final int keepDays;

    /**
     * @param keepDays how long log lines stay after the end of their run
     * @throws IllegalArgumentException for less than a day
     */
    Retention(Store store, Clock clock, int keepDays) {
        if (keepDays < 1) {
            throw new IllegalArgumentException(
                    "FEWTUNE_LOGS_KEEP_DAYS (%s) must be at least 1. Maybe leave it out, for 90 days."
                            .formatted(keepDays));
        }
        this.store = store;
        this.clock = clock;
        this.keepDays = keepDays;
    }

    void tidy() {
        Instant old = clock.instant().minus(keepDays, ChronoUnit.DAYS);
        try {
            for (Path draft : store.drafts()) {
                if (isRubbish(draft, old, (cell, attempt) -> ended(cell, attempt))) {
                    store.discard(draft.getFileName().toString());
                }
            }
            for (Path checkpoints : store.kept()) {
                if (isRubbish(checkpoints, old, (cell, freshFrom) -> needless(cell, freshFrom, old))) {
                    store.forget(checkpoints.getFileName().toString());
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        deleteLogs(old);
    }

    /** A folder of which this database knows nothing may belong to another one, and stays as long as a log. */
    private static boolean isRubbish(Path folder, Instant old, BiPredicate<CellRow, Integer> rubbish)
            throws IOException {
        CellRequest owner = Folders.owner(folder).orElse(null);
        if (owner == null) {
            return false;
        }
        Boolean known = Tx.call(() -> {
            CellRow cell = CellRow.findById(CellRow.id(owner.run(), owner.ordinal()));
            return cell == null || owner.attempt() > cell.attempt ? null : rubbish.test(cell, owner.attempt());
        });
        return known == null ? Files.getLastModifiedTime(folder).toInstant().isBefore(old) : known;
    }

    private static boolean ended(CellRow cell, int attempt) {
        return cell.attempt != attempt || cell.state != CellState.RUNNING;
    }

    private static boolean needless(CellRow cell, int freshFrom, Instant old) {
        return cell.state.usable()
                || cell.freshFrom != freshFrom
                || RunRow.<RunRow>findById(cell.runId).endedBefore(old);
    }

    /** Run by run, up to the last one that began before the limit: no later one can have ended before it. */
    private static void deleteLogs(Instant old) {
        Long last = Tx.call(() -> RunRow.getEntityManager()
                .createQuery("select max(r.id) from RunRow r where r.createdAt < :old", Long.class)
                .setParameter("old", old)
                .getSingleResult());
        Long cell = firstWithLog(0);
        while (cell != null && last != null && CellRow.run(cell) <= last) {
            long run = CellRow.run(cell);
            RunRow row = Tx.call(() -> RunRow.findById(run));
            if (row != null && row.endedBefore(old)) {
                deleteLog(run);
            }
            cell = firstWithLog(CellRow.id(run + 1, 0));
        }
    }

    private static Long firstWithLog(long from) {
        return Tx.call(() -> LogChunk.getEntityManager()
                .createQuery("select min(l.cellId) from LogChunk l where l.cellId >= :from", Long.class)
                .setParameter("from", from)
                .getSingleResult());
    }

    private static void deleteLog(long run) {
        int deleted;
        do {
            deleted = Tx.call(() -> LogChunk.getEntityManager()
                    .createNativeQuery(
                            "delete from log_chunks where cell_id >= :from and cell_id < :to limit " + AT_ONCE)
                    .setParameter("from", CellRow.id(run, 0))
                    .setParameter("to", CellRow.id(run + 1, 0))
                    .executeUpdate());
        } while (deleted == AT_ONCE);
    }
}
