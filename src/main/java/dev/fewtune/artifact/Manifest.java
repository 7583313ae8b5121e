package dev.fewtune.artifact;

import java.util.List;
import java.util.Optional;

/**
 * The files that one attempt put into the store; its presence is success.
 *
 * @param files sorted by path
 */
public record Manifest(List<Entry> files) {
    /**
     * @param path relative, with forward slashes
     * @param size in bytes
     * @param sha256 in lower-case hexadecimal; the name of the blob
     */
    public record Entry(String path, long size, String sha256) {}

    public Manifest {
        files = List.copyOf(files);
    }

    public Optional<Entry> find(String path) {
        return files.stream().filter(entry -> entry.path().equals(path)).findFirst();
    }
}
