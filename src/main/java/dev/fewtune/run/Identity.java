package dev.fewtune.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this process is.
 *
 * @param worker stays with the home folder
 * @param boot new at each start
 */
public record Identity(String worker, String boot) {
    /** Reads or makes the identity of a home folder. */
    public static Identity of(Path home) throws IOException {
        Path file = home.resolve("worker.id");
        Files.createDirectories(home);
        if (!Files.exists(file)) {
            Files.writeString(file, UUID.randomUUID().toString());
        }
        String worker = Files.readString(file).trim();
        return new Identity(
                worker,
                worker.substring(0, 8) + "-" + UUID.randomUUID().toString().substring(0, 8));
    }
}
