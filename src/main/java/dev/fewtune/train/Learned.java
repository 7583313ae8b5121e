package dev.fewtune.train;

import dev.fewtune.graft.Source;

/**
 * What an earlier step has learned, as a training takes it.
 *
 * @param checksum SHA-256 of its tensors
 */
public record Learned(Source source, String checksum) {
    /** Rows of a prompt; 0 where it is none. */
    public long length() {
        return source.has(Source.ROWS) ? source.rows().shape()[0] : 0;
    }

    Beside.Gift gift() {
        return Beside.Gift.of(source, checksum);
    }
}
