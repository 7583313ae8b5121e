package dev.fewtune.testing;

import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlannedCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plans for tests of the queue, made of {@link RecordedStep}s. */
public final class Plans {
    private final List<PlannedCell> cells = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private int priority;

    /** Of the cells that are added from now on. */
    public Plans priority(int next) {
        priority = next;
        return this;
    }

    /** Adds a cell of a step of the same name as its kind. */
    public Plans cell(String step, String kind, String word, boolean allowFailed, Integer... needs) {
        if (!steps.contains(step)) {
            steps.add(step);
        }
        cells.add(new PlannedCell(
                cells.size(),
                step,
                kind,
                "%s[n=%d]".formatted(step, cells.size()),
                Map.of("n", "" + cells.size()),
                Map.of("word", word),
                null,
                Map.of(),
                List.of(needs),
                allowFailed,
                priority,
                false));
        return this;
    }

    public Plan plan() {
        return new Plan(Plan.VERSION, "test", "A test.", Map.of(), Map.of(), steps, Map.of(), cells);
    }

    public Plan plan(Map<String, Integer> maxParallel) {
        return new Plan(Plan.VERSION, "test", "A test.", Map.of(), Map.of(), steps, maxParallel, cells);
    }
}
