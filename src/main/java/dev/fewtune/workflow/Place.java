package dev.fewtune.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a workflow came from, and what of this machine it may read.
 *
 * @param folder paths are relative to it; null where files may not be read
 * @param roots files must lie under one of these; empty for anywhere
 */
record Place(Path folder, List<Path> roots) {
    static final String NO_FILE = "may not be read: this workflow did not come from a file";
    static final String ADVICE = "run it with the command line, or start the server with FEWTUNE_DATA_ROOTS";

    Place {
        roots = List.copyOf(roots);
    }

    boolean readsFiles() {
        return folder != null;
    }

    boolean admits(Path file) {
        return roots.isEmpty() || roots.stream().anyMatch(root -> lies(file, root));
    }

    /** Links are followed, so that none leads out. */
    private static boolean lies(Path file, Path root) {
        try {
            Path real = Files.exists(file)
                    ? file.toRealPath()
                    : file.toAbsolutePath().normalize();
            return real.startsWith(root.toRealPath());
        } catch (IOException noSuchRoot) {
            return false;
        }
    }
}
