package dev.fewtune.hub;

import java.util.List;
import java.util.Optional;

/**
 * A commit of a repository.
 *
 * @param commit 40 hexadecimal digits
 */
record Revision(String commit, List<RemoteFile> files) {
    Revision {
        files = List.copyOf(files);
    }

    Optional<RemoteFile> find(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }
}
