package dev.fewtune.hub;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A model that lies on this machine, whole.
 *
 * @param folder holds config.json, weights and tokenizer
 * @param hash the identity of the content: of a revision on the Hub its commit, of a folder a SHA-256 over its files
 */
public record Local(Path folder, String hash) {
    public Local {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(hash, "hash");
    }
}
