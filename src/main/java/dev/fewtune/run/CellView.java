package dev.fewtune.run;

import dev.fewtune.spec.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A cell as people see it.
 *
 * @param attempt number of the current or last attempt; 0 before the first
 * @param progress in [0, 1]
 * @param attempts oldest first; empty in lists of cells
 * @param files of the artifact: path to size in bytes; empty in lists of cells
 */
public record CellView(
        long runId,
        int ordinal,
        String step,
        String kind,
        String key,
        Map<String, String> axes,
        CellState state,
        int attempt,
        double progress,
        String message,
        Cause cause,
        Instant readyAt,
        Instant startedAt,
        Instant endedAt,
        String worker,
        boolean control,
        List<AttemptView> attempts,
        Map<String, Long> files) {
    public record AttemptView(
            int attempt,
            CellState state,
            Instant startedAt,
            Instant endedAt,
            String worker,
            Cause cause,
            String message,
            String trace) {}
}
