package dev.fewtune.run;

import dev.fewtune.db.Tx;
import java.util.List;

/** What changes while a run goes on, in one cheap question that can be asked twice a second. */
public final class Pulse {
    private Pulse() {}

    /** One cell at one moment. */
    public record Beat(int ordinal, CellState state, int attempt, double progress) {}

    /** Every cell of a run, in order; empty where there is no such run. */
    public static List<Beat> of(long run) {
        return Tx.call(() -> CellRow.getEntityManager()
                .createQuery(
                        "select c.ordinal, c.state, c.attempt, c.progress from CellRow c where c.runId = :run"
                                + " order by c.ordinal",
                        Object[].class)
                .setParameter("run", run)
                .getResultStream()
                .map(cell -> new Beat((int) cell[0], (CellState) cell[1], (int) cell[2], (double) cell[3]))
                .toList());
    }
}
