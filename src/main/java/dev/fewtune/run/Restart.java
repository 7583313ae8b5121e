package dev.fewtune.run;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes cells of a run back to the start, for retry and rerun. What it promises:
 *
 * <ul>
 *   <li><b>Up:</b> with a cell come the cells above it that it cannot do without and that ended without success, as far
 *       up as there are any. A cell that allows failures can do without.
 *   <li><b>Down:</b> whatever depends on a cell that starts again starts again too, in any state: what has ended, what is
 *       ready, and what runs. A running attempt is given up: its row says CANCELLED, its later writes are refused, and it
 *       stops at its next step.
 *   <li><b>Aside:</b> a cell that still needs one that ended without success, and does not allow that, ends as SKIPPED
 *       once more. So a restart never leaves a cell waiting for something that will not come.
 *   <li><b>Checkpoints</b> serve the next attempt of a cell only where it is retried and nothing above it starts again; a
 *       rerun starts from scratch.
 *   <li>Losses and failures in passing are counted anew. Attempts and their logs stay.
 * </ul>
 */
final class Restart {
    private final RunRow run;
    private final Instant now;
    private final List<CellRow> cells;
    private final Map<Long, CellRow> byId = new HashMap<>();
    private final Map<Long, List<CellRow>> needs = new HashMap<>();
    private final Map<Long, List<CellRow>> dependants = new HashMap<>();

    /** Reads the cells of a run whose row is locked, and locks them too. */
    Restart(RunRow run, Instant now) {
        this.run = run;
        this.now = now;
        this.cells = CellRow.locked(run.id);
        cells.forEach(cell -> byId.put(cell.id, cell));
        for (NeedRow need : NeedRow.<NeedRow>list("runId", run.id)) {
            add(needs, need.cellId, need.upstreamId);
            add(dependants, need.upstreamId, need.cellId);
        }
    }

    List<CellRow> cells() {
        return cells;
    }

    /** @throws Runs.UnknownRun where there is none */
    CellRow cell(int ordinal) {
        return cells.stream()
                .filter(cell -> cell.ordinal == ordinal)
                .findFirst()
                .orElseThrow(() -> new Runs.UnknownRun("Run %s has no cell %s.".formatted(run.id, ordinal)));
    }

    /**
     * Takes cells that have ended, and all that must come along, back to waiting; then readies or skips what waits.
     *
     * @param scratch whether all start without checkpoints
     * @return how many cells were taken back
     */
    int of(Collection<CellRow> wanted, boolean scratch) {
        Set<CellRow> roots = closure(wanted, this::lacking);
        Set<CellRow> all = closure(roots, cell -> dependants.getOrDefault(cell.id, List.of()));
        int taken = (int)
                all.stream().filter(cell -> cell.state != CellState.WAITING).count();
        all.forEach(cell -> takeBack(cell, scratch || needs(cell).stream().anyMatch(all::contains)));
        run.state = RunState.RUNNING;
        settle();
        run.derive(now);
        return taken;
    }

    /** What a cell cannot do without and will not get. */
    private List<CellRow> lacking(CellRow cell) {
        return cell.allowFailed
                ? List.of()
                : needs(cell).stream().filter(Restart::endedInVain).toList();
    }

    private static Set<CellRow> closure(Collection<CellRow> start, Function<CellRow, List<CellRow>> next) {
        Set<CellRow> all = new LinkedHashSet<>(start);
        Deque<CellRow> open = new ArrayDeque<>(start);
        while (!open.isEmpty()) {
            next.apply(open.pop()).stream().filter(all::add).forEach(open::add);
        }
        return all;
    }

    private void takeBack(CellRow cell, boolean fresh) {
        if (cell.state == CellState.RUNNING) {
            AttemptRow attempt = AttemptRow.current(cell);
            attempt.state = CellState.CANCELLED;
            attempt.message = "Given up, because what it needs starts again.";
            attempt.endedAt = now;
        }
        run.count(cell.state, -1);
        cell.takeBack(fresh);
    }

    /** In the order of the plan, in which every cell stands behind those that it needs. */
    private void settle() {
        for (CellRow cell : cells) {
            if (cell.state == CellState.WAITING) {
                settle(cell);
            }
        }
    }

    private void settle(CellRow cell) {
        Optional<CellRow> missing = lacking(cell).stream().findFirst();
        if (missing.isPresent()) {
            cell.end(CellState.SKIPPED, null, Cascade.skipped(missing.get()), now);
            run.count(CellState.SKIPPED, 1);
            return;
        }
        cell.openNeeds =
                (int) needs(cell).stream().filter(need -> !need.state.ended()).count();
        if (cell.openNeeds == 0) {
            cell.ready(now);
        }
    }

    private static boolean endedInVain(CellRow cell) {
        return cell.state.ended() && !cell.state.usable();
    }

    private List<CellRow> needs(CellRow cell) {
        return needs.getOrDefault(cell.id, List.of());
    }

    private void add(Map<Long, List<CellRow>> edges, long from, long to) {
        edges.computeIfAbsent(from, id -> new ArrayList<>()).add(byId.get(to));
    }
}
