package dev.fewtune.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code tasks:}, the user's own data.
 *
 * @param folder paths are relative to it; null where files may not be read
 * @param roots files must lie under one of these; empty for anywhere
 */
record TaskReader(Shapes shapes, Problems problems, Path folder, List<Path> roots) {
    private static final Set<String> KEYS = Set.of("files", "text", "label", "labels", "metric");
    private static final Set<String> SPLITS = Set.of("train", "validation", "test");
    private static final Set<String> ENDINGS = Set.of("tsv", "csv", "jsonl");

    Map<String, TaskFiles> read(Tree tree) {
        Map<String, TaskFiles> tasks = new LinkedHashMap<>();
        shapes.mapping(tree, "tasks").ifPresent(mapping -> mapping.entries()
                .forEach((name, entry) -> shapes.mapping(entry.value(), "the task " + name)
                        .ifPresent(task -> tasks.put(name, task(name, entry.key(), task)))));
        return tasks;
    }

    private TaskFiles task(String name, Mark at, Tree.Mapping task) {
        shapes.onlyKeys(task, KEYS, "in a task");
        for (String key : List.of("files", "text", "label")) {
            if (task.get(key) == null) {
                problems.add(at, "missing-key", "the task %s has no %s".formatted(name, key));
            }
        }
        List<String> text = texts(task.get("text"), "text");
        if (text.size() > 2) {
            problems.add(
                    task.get("text").at(), "wrong-type", "a task has one or two texts, not %d".formatted(text.size()));
        }
        String label = task.get("label") == null
                ? ""
                : shapes.text(task.get("label"), "label").orElse("");
        String metric = task.get("metric") == null
                ? null
                : shapes.text(task.get("metric"), "metric").orElse(null);
        return new TaskFiles(name, files(at, task), text, label, texts(task.get("labels"), "labels"), metric);
    }

    private Map<String, String> files(Mark at, Tree.Mapping task) {
        Map<String, String> files = new LinkedHashMap<>();
        if (task.get("files") == null) {
            return files;
        }
        shapes.mapping(task.get("files"), "files").ifPresent(mapping -> {
            shapes.onlyKeys(mapping, SPLITS, "in files");
            mapping.entries().forEach((split, entry) -> shapes.text(entry.value(), split)
                    .ifPresent(path -> files.put(split, checked(entry.value().at(), path))));
            for (String split : List.of("train", "test")) {
                if (mapping.get(split) == null) {
                    problems.add(at, "missing-key", "files has no %s".formatted(split));
                }
            }
        });
        return files;
    }

    private String checked(Mark at, String path) {
        if (!ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1))) {
            problems.add(at, "file", "'%s' must end in .tsv, .csv or .jsonl".formatted(path));
        }
        if (folder == null) {
            problems.add(
                    at,
                    "file",
                    "'%s' may not be read: this workflow did not come from a file".formatted(path),
                    "run it with the command line, or start the server with FEWTUNE_DATA_ROOTS");
            return path;
        }
        Path file = folder.resolve(path).normalize();
        if (!roots.isEmpty() && roots.stream().noneMatch(root -> lies(file, root))) {
            problems.add(at, "file", "'%s' lies outside of the data roots %s".formatted(file, roots));
        } else if (!Files.isRegularFile(file)) {
            problems.add(at, "file", "there is no file '%s'".formatted(file), "paths are relative to " + folder);
        }
        return file.toString();
    }

    /** Links are followed, so that none leads out. */
    private static boolean lies(Path file, Path root) {
        try {
            Path parent = Files.exists(file)
                    ? file.toRealPath()
                    : file.toAbsolutePath().normalize();
            return parent.startsWith(root.toRealPath());
        } catch (IOException noSuchRoot) {
            return false;
        }
    }

    private List<String> texts(Tree tree, String what) {
        List<String> texts = new ArrayList<>();
        if (tree instanceof Tree.Sequence sequence) {
            sequence.items().forEach(item -> texts.add(String.valueOf(item.plain())));
        } else if (tree != null) {
            shapes.text(tree, what).ifPresent(texts::add);
        }
        return texts;
    }
}
