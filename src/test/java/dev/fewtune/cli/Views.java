package dev.fewtune.cli;

import dev.fewtune.run.CellState;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Runs as a door would show them. */
final class Views {
    private Views() {}

    static RunView run(RunState state, RunView.StepView... steps) {
        return new RunView(
                7, "test", "", state, 1, Map.of(), Map.of(), Instant.EPOCH, null, "somebody", List.of(steps));
    }

    static RunView.StepView step(String name, String kind, double progress, CellState... cells) {
        Map<CellState, Integer> counts = new EnumMap<>(CellState.class);
        Arrays.stream(cells).forEach(cell -> counts.merge(cell, 1, Integer::sum));
        return new RunView.StepView(name, kind, cells.length, counts, progress);
    }
}
