package dev.fewtune.web;

import dev.fewtune.run.CellState;
import dev.fewtune.run.Pulse;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlannedCell;
import java.util.List;

/**
 * The cells before or after another one.
 *
 * @param cells the first of them
 * @param more how many are left out
 */
public record Neighbours(List<Neighbour> cells, int more) {
    private static final int SHOWN = 20;

    public record Neighbour(int ordinal, String key, CellState state) {}

    static Neighbours needs(Plan plan, PlannedCell cell, List<Pulse.Beat> beats) {
        return of(cell.needs().stream().map(plan.cells()::get).toList(), beats);
    }

    static Neighbours neededBy(Plan plan, PlannedCell cell, List<Pulse.Beat> beats) {
        return of(
                plan.cells().stream()
                        .filter(other -> other.needs().contains(cell.ordinal()))
                        .toList(),
                beats);
    }

    private static Neighbours of(List<PlannedCell> cells, List<Pulse.Beat> beats) {
        return new Neighbours(
                cells.stream()
                        .limit(SHOWN)
                        .map(cell -> new Neighbour(
                                cell.ordinal(),
                                cell.key(),
                                beats.get(cell.ordinal()).state()))
                        .toList(),
                Math.max(0, cells.size() - SHOWN));
    }
}
