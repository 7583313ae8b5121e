package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a workflow file, or says everything that is wrong with it. */
public final class WorkflowReader {
    static final String SCHEMA = "fewtune/v1";
    static final int LONGEST_DESCRIPTION = 2000;
    static final int MOST_STEPS = 1000;
    private static final Set<String> KEYS =
            Set.of("schema", "name", "description", "inputs", "tasks", NotYet.DEFAULTS, "steps");
    private final Catalog catalog;

    public WorkflowReader(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Reads the text of a file. Where every input has a default, the plan for the defaults is tried too, so that its
     * problems are told at once.
     *
     * @param folder the paths of data and models are relative to it; null where files may not be read
     */
    public Reading read(String file, String yaml, Path folder) {
        return read(file, yaml, folder, List.of());
    }

    /**
     * Reads a text that came from elsewhere.
     *
     * @param roots data and models must lie under one of these folders; empty for anywhere
     */
    public Reading read(String file, String yaml, Path folder, List<Path> roots) {
        Source source = Source.of(file, yaml);
        Problems problems = new Problems(source);
        Tree tree = YamlReader.read(yaml, source, problems).orElse(null);
        if (tree == null) {
            return new Reading(null, problems.sorted());
        }
        Workflow workflow = workflow(tree, source, problems, new Place(folder, roots));
        if (workflow != null && workflow.inputs().stream().allMatch(input -> input.fallback() != null)) {
            Planning planning = new Planner(catalog).plan(workflow, Map.of(), problems);
            return new Reading(planning.problems().isEmpty() ? workflow : null, planning.problems());
        }
        return new Reading(problems.none() ? workflow : null, problems.sorted());
    }

    private Workflow workflow(Tree tree, Source source, Problems problems, Place place) {
        Shapes shapes = new Shapes(problems);
        Tree.Mapping root = shapes.mapping(tree, "a workflow").orElse(null);
        if (root == null) {
            return null;
        }
        shapes.onlyKeys(root, KEYS, "in a workflow");
        schema(root, problems);
        new NotYet(shapes, problems).refuse(root, NotYet.DEFAULTS);
        String name = name(root, shapes, problems);
        List<Input> inputs =
                root.get("inputs") == null ? List.of() : new InputReader(shapes, problems).read(root.get("inputs"));
        new InputValues(new ModelReader(catalog, place), problems).checkDefaults(inputs);
        Map<String, TaskFiles> tasks = root.get("tasks") == null
                ? Map.of()
                : new TaskReader(catalog, shapes, problems, place).read(root.get("tasks"));
        List<StepEntry> steps = steps(root, shapes, problems);
        String description = description(root, shapes, problems);
        return steps.isEmpty() ? null : new Workflow(name, description, inputs, tasks, steps, source, place);
    }

    private static void schema(Tree.Mapping root, Problems problems) {
        Tree schema = root.get("schema");
        if (schema == null) {
            problems.add(root.at(), "missing-key", "the workflow has no schema", "schema: " + SCHEMA);
        } else if (!SCHEMA.equals(schema.plain())) {
            problems.add(schema.at(), "schema", "the schema '%s' is not known".formatted(schema.plain()), SCHEMA);
        }
    }

    private static String name(Tree.Mapping root, Shapes shapes, Problems problems) {
        Tree tree = root.get("name");
        if (tree == null) {
            problems.add(root.at(), "missing-key", "the workflow has no name");
            return "";
        }
        if (!(tree.plain() instanceof String name)) {
            shapes.wrong(tree, "name", "a text");
            return "";
        }
        Names.WORKFLOW.check(name, "the name of a workflow", tree.at(), problems);
        return name;
    }

    private static String description(Tree.Mapping root, Shapes shapes, Problems problems) {
        if (root.get("description") == null) {
            return "";
        }
        String description = shapes.text(root.get("description"), "description").orElse("");
        if (description.length() > LONGEST_DESCRIPTION) {
            problems.add(
                    root.get("description").at(),
                    "too-long",
                    "the description has %,d characters; at most %,d are allowed"
                            .formatted(description.length(), LONGEST_DESCRIPTION));
        }
        return description;
    }

    /** In an order that can be planned, without those that cannot and those that need them. */
    private List<StepEntry> steps(Tree.Mapping root, Shapes shapes, Problems problems) {
        if (root.get("steps") == null) {
            problems.add(root.at(), "missing-key", "the workflow has no steps");
            return List.of();
        }
        Tree.Mapping steps = shapes.mapping(root.get("steps"), "steps").orElse(null);
        if (steps == null) {
            return List.of();
        }
        int count = steps.entries().size();
        if (count == 0) {
            problems.add(steps.at(), "missing-key", "the workflow has no steps");
            return List.of();
        }
        if (count > MOST_STEPS) {
            problems.add(
                    steps.at(),
                    "too-many-steps",
                    "the workflow has %,d steps; at most %,d are allowed".formatted(count, MOST_STEPS));
            return List.of();
        }
        StepReader reader =
                new StepReader(catalog, shapes, problems, steps.entries().keySet());
        Map<String, StepEntry> read = new LinkedHashMap<>();
        steps.entries().forEach((name, entry) -> reader.read(name, entry.key(), entry.value())
                .ifPresent(step -> read.put(name, step)));
        dropWhatNeedsOthers(read);
        return new StepOrder(problems).sorted(new ArrayList<>(read.values()));
    }

    private static void dropWhatNeedsOthers(Map<String, StepEntry> steps) {
        boolean dropped;
        do {
            dropped = steps.values()
                    .removeIf(step -> step.needs().stream().anyMatch(need -> !steps.containsKey(need.step())));
        } while (dropped);
    }
}
