package dev.fewtune.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A run as people see it.
 *
 * @param counts cells by state, every state present
 * @param steps one entry per step, in the order of the file; empty in lists of runs
 */
public record RunView(
        long id,
        String workflow,
        String description,
        RunState state,
        int total,
        Map<CellState, Integer> counts,
        Map<String, Object> inputs,
        Instant createdAt,
        Instant endedAt,
        String createdBy,
        List<StepView> steps) {
    /** @param progress of all work of the step, in [0, 1] */
    public record StepView(String name, String kind, int total, Map<CellState, Integer> counts, double progress) {}
}
