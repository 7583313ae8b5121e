package dev.fewtune.workflow;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the {@code files:} of a task.
 */
record FilesReader(Shapes shapes, Problems problems, Place place) {
    static final List<String> ENDINGS = List.of("tsv", "csv", "jsonl");

    static final List<String> SPLITS = List.of("train", "validation", "test");

    /** Paths by split. */
    Map<String, String> read(Tree tree) {
        Map<String, String> files = new LinkedHashMap<>();
        shapes.mapping(tree, "files").ifPresent(mapping -> {
            shapes.onlyKeys(mapping, SPLITS, "in files");
            mapping.entries().forEach((split, entry) -> shapes.text(entry.value(), split)
                    .ifPresent(path -> files.put(split, checked(entry.value().at(), path))));
            for (String split : List.of("train", "test")) {
                if (mapping.get(split) == null) {
                    problems.add(mapping.at(), "missing-key", "files has no %s".formatted(split));
                }
            }
        });
        return files;
    }

    private String checked(Mark at, String path) {
        if (!ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1))) {
            problems.add(at, "file", "'%s' must end in .tsv, .csv or .jsonl".formatted(path));
        }
        if (!place.readsFiles()) {
            problems.add(at, "file", "'%s' %s".formatted(path, Place.NO_FILE), Place.ADVICE);
            return path;
        }
        Path file;
        try {
            file = place.folder().resolve(path).normalize();
        } catch (InvalidPathException wrong) {
            problems.add(at, "file", "'%s' is no path: %s".formatted(path, wrong.getReason()));
            return path;
        }
        if (!place.admits(file)) {
            problems.add(at, "file", "'%s' lies outside of the data roots %s".formatted(file, place.roots()));
        } else if (!Files.isRegularFile(file)) {
            problems.add(
                    at, "file", "there is no file '%s'".formatted(file), "paths are relative to " + place.folder());
        }
        return file.toString();
    }
}
