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
    private String name = "test";
    private String description = "A test.";
    private String key;
    private Map<String, Object> inputs = Map.of();

    public Plans name(String next) {
        name = next;
        return this;
    }

    public Plans description(String next) {
        description = next;
        return this;
    }

    public Plans inputs(Map<String, Object> next) {
        inputs = next;
        return this;
    }

    /** Of the cell that is added next. */
    public Plans key(String next) {
        key = next;
        return this;
    }

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
                key == null ? "%s[n=%d]".formatted(step, cells.size()) : key,
                Map.of("n", "" + cells.size()),
                Map.of("word", word),
                null,
                Map.of(),
                List.of(needs),
                allowFailed,
                priority,
                false));
        key = null;
        return this;
    }

    public Plan plan() {
        return plan(Map.of());
    }

    public Plan plan(Map<String, Integer> maxParallel) {
        return new Plan(Plan.VERSION, name, description, inputs, Map.of(), steps, maxParallel, cells);
    }
}
