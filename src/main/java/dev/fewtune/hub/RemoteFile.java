package dev.fewtune.hub;

/**
 * A file of a repository.
 *
 * @param name as in the repository, with forward slashes
 * @param size in bytes; {@link #UNKNOWN} where the server does not say it
 */
record RemoteFile(String name, long size, Checksum checksum) {
    static final long UNKNOWN = -1;

    boolean hasSize() {
        return size != UNKNOWN;
    }

    /** With the size and the checksum that came with the content, where the listing had none. */
    RemoteFile completedBy(Announced announced) {
        return new RemoteFile(
                name, hasSize() ? size : announced.size(), checksum.isGiven() ? checksum : announced.checksum());
    }
}
