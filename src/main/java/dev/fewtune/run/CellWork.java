package dev.fewtune.run;

import dev.fewtune.spec.Progress;
import dev.fewtune.workflow.PlannedCell;
import dev.fewtune.workflow.TaskFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one attempt of one cell gets.
 *
 * @param runId number of the run
 * @param attempt from 1; the fencing number
 * @param tasks the user's own tasks by name
 * @param upstream the cells that this one needed, in order of their ordinals
 * @param out an empty folder; its files become the artifact
 * @param checkpoints a folder that survives from attempt to attempt of this cell
 */
public record CellWork(
        long runId,
        int attempt,
        PlannedCell cell,
        Map<String, TaskFiles> tasks,
        List<Upstream> upstream,
        Path out,
        Path checkpoints,
        Progress progress) {
    /**
     * @param state SUCCEEDED or CACHED, or with allow-failed any end state
     * @param files absolute paths of the cell's artifact files by relative path; empty where it did not succeed
     * @param problem why it did not succeed, or null
     * @param upstream what that cell itself needed, so that a step can look further back
     */
    public record Upstream(
            PlannedCell cell, String state, Map<String, Path> files, String problem, List<Upstream> upstream) {}

    public CellWork {
        tasks = Map.copyOf(tasks);
        upstream = List.copyOf(upstream);
    }
}
