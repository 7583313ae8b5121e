package dev.fewtune.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A workflow expanded over its matrices with its inputs filled in. Kept as JSON in the row of the run.
 *
 * @param version of this JSON form
 * @param steps names of the steps in the order of the file
 * @param maxParallel limit of running cells by step, for the steps that set one
 */
public record Plan(
        int version,
        String name,
        String description,
        Map<String, Object> inputs,
        Map<String, TaskFiles> tasks,
        List<String> steps,
        Map<String, Integer> maxParallel,
        List<PlannedCell> cells) {
    public static final int VERSION = 1;

    public Plan {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        tasks = Map.copyOf(tasks);
        steps = List.copyOf(steps);
        maxParallel = Map.copyOf(maxParallel);
        cells = List.copyOf(cells);
    }
}
