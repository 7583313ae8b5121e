package dev.fewtune.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the {@code files:} of a task.
 *
 * @param folder paths are relative to it; null where files may not be read
 * @param roots files must lie under one of these; empty for anywhere
 */
record FilesReader(Shapes shapes, Problems problems, Path folder, List<Path> roots) {
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
        if (folder == null) {
            problems.add(
                    at,
                    "file",
                    "'%s' may not be read: this workflow did not come from a file".formatted(path),
                    "run it with the command line, or start the server with FEWTUNE_DATA_ROOTS");
            return path;
        }
        Path file;
        try {
            file = folder.resolve(path).normalize();
        } catch (InvalidPathException wrong) {
            problems.add(at, "file", "'%s' is no path: %s".formatted(path, wrong.getReason()));
            return path;
        }
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
}
