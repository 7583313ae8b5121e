package dev.fewtune.train;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Copies what a training left to where it shall stay. */
final class Folders {
    private static final String STATE = "state";

    private Folders() {}

    /** Copies all files but those of checkpoints. */
    static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(file -> !from.relativize(file).startsWith(STATE))
                    .toList();
            for (Path file : files) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new CellFailure(Cause.RESOURCE, "%s could not be copied: %s".formatted(from, e.getMessage()), e);
        }
    }
}
