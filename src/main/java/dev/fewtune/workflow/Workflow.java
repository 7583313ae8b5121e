package dev.fewtune.workflow;

import java.util.List;
import java.util.Map;

/** A workflow that was read without problems. Plans are made from it for given inputs. */
public final class Workflow {
    private final String name;
    private final String description;
    private final List<Input> inputs;
    private final Map<String, TaskFiles> tasks;
    private final List<StepEntry> steps;
    private final Source source;
    private final Place place;

    Workflow(
            String name,
            String description,
            List<Input> inputs,
            Map<String, TaskFiles> tasks,
            List<StepEntry> steps,
            Source source,
            Place place) {
        this.name = name;
        this.description = description;
        this.inputs = List.copyOf(inputs);
        this.tasks = Map.copyOf(tasks);
        this.steps = List.copyOf(steps);
        this.source = source;
        this.place = place;
    }

    public String name() {
        return name;
    }

    public String description() {
        return description;
    }

    public List<Input> inputs() {
        return inputs;
    }

    public Map<String, TaskFiles> tasks() {
        return tasks;
    }

    List<StepEntry> steps() {
        return steps;
    }

    Source source() {
        return source;
    }

    Place place() {
        return place;
    }
}
