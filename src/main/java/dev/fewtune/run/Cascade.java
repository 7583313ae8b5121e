package dev.fewtune.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the end of a cell does to the waiting ones that need it: they come nearer to their start, or are skipped. */
final class Cascade {
    /** Values in one query. */
    private static final int AT_ONCE = 1000;

    private Cascade() {}

    /** Follows the end of a cell as far down as it reaches; the row of the run is locked by the caller. */
    static void from(CellRow cell, RunRow run, Instant now) {
        Map<Long, CellRow> ended = Map.of(cell.id, cell);
        while (!ended.isEmpty()) {
            ended = follow(ended, run, now);
        }
    }

    /** Why a cell is skipped that needs a given one. */
    static String skipped(CellRow need) {
        return "%s ended as %s.".formatted(need.key, need.state);
    }

    /** @return the cells that were skipped, by id */
    private static Map<Long, CellRow> follow(Map<Long, CellRow> ended, RunRow run, Instant now) {
        Map<Long, CellRow> skipped = new HashMap<>();
        for (Object[] edge : edges(List.copyOf(ended.keySet()))) {
            CellRow next = (CellRow) edge[0];
            CellRow need = ended.get((Long) edge[1]);
            if (next.state != CellState.WAITING) {
                continue;
            }
            if (need.state.usable() || next.allowFailed) {
                next.openNeeds--;
                if (next.openNeeds == 0) {
                    next.ready(now);
                }
            } else if (run.state != RunState.CANCELLING) {
                next.end(CellState.SKIPPED, null, skipped(need), now);
                run.count(CellState.SKIPPED, 1);
                skipped.put(next.id, next);
            }
        }
        return skipped;
    }

    /** Waiting cells, each with the number of a cell that it needs. */
    private static List<Object[]> edges(List<Long> needed) {
        List<Object[]> edges = new ArrayList<>();
        for (int from = 0; from < needed.size(); from += AT_ONCE) {
            edges.addAll(CellRow.getEntityManager()
                    .createQuery(
                            "select c, n.upstreamId from NeedRow n join CellRow c on c.id = n.cellId"
                                    + " where n.upstreamId in :needed and c.state = :waiting order by c.id",
                            Object[].class)
                    .setParameter("needed", needed.subList(from, Math.min(from + AT_ONCE, needed.size())))
                    .setParameter("waiting", CellState.WAITING)
                    .getResultList());
        }
        return edges;
    }
}
