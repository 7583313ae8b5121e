package dev.fewtune.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
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

    /**
     * Whether the token that was shown, or null, is the right one; true for any where none is set. Takes as long for one
     * that is nearly right as for any other, so that it cannot be guessed letter by letter.
     */
    boolean admits(String shown) {
        return token.isEmpty() || (shown != null && MessageDigest.isEqual(bytes(shown), bytes(token.get())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
