package dev.fewtune.step;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.train.NewModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a model that is made: whole or not there. */
final class ModelFolder {
    private ModelFolder() {}

    /** @throws CellFailure with cause YOURS where something is there already */
    static void requireFree(Path into) throws IOException {
        if (!Files.exists(into)) {
            return;
        }
        if (!Files.isDirectory(into)) {
            throw CellFailure.yours("%s is a file. Maybe another name for into.", into);
        }
        try (Stream<Path> files = Files.list(into)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            if (!names.isEmpty()) {
                throw CellFailure.yours(
                        "%s holds %s already, which a run would overwrite. Maybe another name for into, or remove the folder.",
                        into, String.join(", ", names.subList(0, Math.min(5, names.size()))));
            }
        }
    }

    static void blank(Path folder, NewNetwork network, String tokenizer, long seed) throws IOException {
        NewModel.blank(folder, network.config(), tokenizer, network.tokens(), seed);
    }

    /** Makes the folder beside its place and renames it; copies the model into the artifact too. */
    static void deliver(Path blank, Path weights, Path into, Path artifact) throws IOException {
        Path draft = into.resolveSibling(
                into.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        delete(draft);
        Files.createDirectories(into.toAbsolutePath().getParent());
        NewModel.trained(blank, weights, draft);
        Path copy = Files.createDirectories(artifact.resolve("model"));
        try (Stream<Path> files = Files.list(draft)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(into);
        Files.move(draft, into, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
