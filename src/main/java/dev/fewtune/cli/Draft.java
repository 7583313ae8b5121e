package dev.fewtune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder that is there whole or not at all. */
interface Draft {
    void write(Path draft) throws IOException;

    /** Writes beside the place and renames. */
    static void of(Path folder, Draft content) throws IOException {
        Path whole = folder.toAbsolutePath();
        Path draft = whole.resolveSibling(
                whole.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        Files.createDirectories(draft);
        content.write(draft);
        Files.move(draft, whole, StandardCopyOption.ATOMIC_MOVE);
    }
}
