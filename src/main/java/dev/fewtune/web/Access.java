package dev.fewtune.web;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What this server lets in.
 *
 * @param serves whether pages and API are open; false on a worker
 * @param token that every caller must show, or empty
 * @param localOnly whether only names of this machine may stand in the Host header
 * @param dataRoots folders that workflows sent over HTTP may read
 */
public record Access(boolean serves, Optional<String> token, boolean localOnly, List<Path> dataRoots) {
    public Access {
        dataRoots = List.copyOf(dataRoots);
    }
}
