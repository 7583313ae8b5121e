package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.MetricSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code tasks:}, the user's own data. */
record TaskReader(Catalog catalog, Shapes shapes, Problems problems, Place place) {
    static final int MOST_TEXTS = 8;
    static final String SPLITS = "splits";

    /** Rules by which the papers split data whose test labels are hidden. */
    static final List<String> RULES = List.of("halved", "first-1000");

    private static final Set<String> KEYS =
            Set.of("files", "text", "label", "labels", "metric", "template", "verbalizer", SPLITS);

    Map<String, TaskFiles> read(Tree tree) {
        Map<String, TaskFiles> tasks = new LinkedHashMap<>();
        shapes.mapping(tree, "tasks").ifPresent(mapping -> mapping.entries()
                .forEach((name, entry) -> shapes.mapping(entry.value(), "the task " + name)
                        .ifPresent(task -> tasks.put(name, task(name, entry.key(), task)))));
        return tasks;
    }

    private TaskFiles task(String name, Mark at, Tree.Mapping task) {
        name(name, at);
        shapes.onlyKeys(task, KEYS, "in a task");
        for (String key : List.of("files", "text", "label")) {
            if (task.get(key) == null) {
                problems.add(at, "missing-key", "the task %s has no %s".formatted(name, key));
            }
        }
        Map<String, String> files =
                task.get("files") == null ? Map.of() : new FilesReader(shapes, problems, place).read(task.get("files"));
        String label = task.get("label") == null
                ? ""
                : shapes.text(task.get("label"), "label").orElse("");
        List<String> text = text(task.get("text"), label);
        List<String> labels = labels(task.get("labels"));
        WordingReader wording = new WordingReader(shapes, problems);
        return new TaskFiles(
                name,
                files,
                text,
                label,
                labels,
                metric(name, task.get("metric"), labels),
                wording.template(task, text, name),
                wording.verbalizer(task.get("verbalizer"), labels),
                splits(task.get(SPLITS), files));
    }

    private String splits(Tree tree, Map<String, String> files) {
        String rule = tree == null ? "" : shapes.text(tree, SPLITS).orElse("");
        if (rule.isEmpty()) {
            return "";
        }
        if (!RULES.contains(rule)) {
            problems.unknown(tree.at(), "rule of splits", rule, RULES);
        } else if (files.containsKey("validation")) {
            problems.add(
                    tree.at(),
                    "task",
                    "splits (%s) makes a validation split, and files name one".formatted(rule),
                    "leave one out");
        }
        return rule;
    }

    private void name(String name, Mark at) {
        Names.VALUE.check(name, "the name of a task", at, problems);
        if (catalog.task(name).isPresent()) {
            problems.add(at, "name", "the task %s is built in; yours needs another name".formatted(name));
        }
    }

    private List<String> text(Tree tree, String label) {
        if (tree == null) {
            return List.of();
        }
        List<String> columns = new ArrayList<>();
        List<Tree> items = tree instanceof Tree.Sequence sequence ? sequence.items() : List.of(tree);
        items.forEach(item -> shapes.text(item, "text").ifPresent(column -> {
            if (columns.contains(column)) {
                problems.add(item.at(), "duplicate-value", "text names the column '%s' twice".formatted(column));
            }
            if (column.equals(label)) {
                problems.add(
                        item.at(), "task", "the column '%s' is the label; it cannot be a text too".formatted(label));
            }
            columns.add(column);
        }));
        if (items.isEmpty() || items.size() > MOST_TEXTS) {
            problems.add(
                    tree.at(),
                    "wrong-type",
                    "a task has one or two texts, or up to %d with a template, not %d"
                            .formatted(MOST_TEXTS, items.size()),
                    "text: [a, b]");
        }
        return columns;
    }

    /** Labels are compared as texts, so that 0 and 1 may stand without quotes. */
    private List<String> labels(Tree tree) {
        if (tree == null) {
            return List.of();
        }
        if (!(tree instanceof Tree.Sequence sequence)) {
            shapes.wrong(tree, "labels", "a list");
            return List.of();
        }
        Set<String> known = new HashSet<>();
        List<String> labels = new ArrayList<>();
        for (Tree item : sequence.items()) {
            if (!(item instanceof Tree.Scalar) || item.plain() == null) {
                shapes.wrong(item, "labels", "words or numbers");
                continue;
            }
            String label = String.valueOf(item.plain());
            if (!known.add(label)) {
                problems.add(item.at(), "duplicate-value", "labels names '%s' twice".formatted(label));
            }
            labels.add(label);
        }
        if (sequence.items().size() < 2) {
            problems.add(
                    tree.at(), "task", "labels must name two classes or more", "leave them out to find them in train");
        }
        return labels;
    }

    private String metric(String name, Tree tree, List<String> labels) {
        if (tree == null) {
            return null;
        }
        String metric = shapes.text(tree, "metric").orElse(null);
        if (metric == null) {
            return null;
        }
        MetricSpec known = catalog.metric(metric).orElse(null);
        if (known == null) {
            problems.unknown(
                    tree.at(),
                    "metric",
                    metric,
                    catalog.metrics().stream().map(MetricSpec::name).toList());
        } else if (known.compares() != MetricSpec.Labels.CLASSES && !labels.isEmpty()) {
            problems.add(
                    tree.at(),
                    "metric",
                    "the metric %s compares %s, but the task %s lists labels".formatted(metric, known.compares(), name),
                    "leave the labels out");
        }
        return metric;
    }
}
