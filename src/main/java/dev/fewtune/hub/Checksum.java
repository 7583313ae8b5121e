package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the Hub says of a file's content.
 *
 * @param hex lower-case; empty for NONE
 */
record Checksum(Kind kind, String hex) {
    static final Checksum NONE = new Checksum(Kind.NONE, "");

    enum Kind {
        /** Of the content; given for files in large-file storage. */
        SHA256("SHA-256", "[0-9a-f]{64}"),
        /** Git's hash; given for the other files. */
        GIT_BLOB("git hash", "[0-9a-f]{40}"),
        NONE("no checksum", "");

        private final String label;
        private final Pattern form;

        Kind(String label, String form) {
            this.label = label;
            this.form = Pattern.compile(form);
        }
    }

    /** NONE where the text has not the form of the kind. */
    static Checksum of(Kind kind, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return kind.form.matcher(lower).matches() ? new Checksum(kind, lower) : NONE;
    }

    /** The Hub's entity tags are SHA-256 of large files and git's hash of the others. */
    static Checksum ofEtag(String etag) {
        String bare = etag.replaceFirst("^W/", "").replace("\"", "");
        Checksum large = of(Kind.SHA256, bare);
        return large.isGiven() ? large : of(Kind.GIT_BLOB, bare);
    }

    boolean isGiven() {
        return kind != Kind.NONE;
    }

    /**
     * The checksum of the same kind that a file has.
     *
     * @param sha256 of the file
     */
    Checksum found(Path file, String sha256, Progress progress) throws IOException {
        return switch (kind) {
            case SHA256 -> new Checksum(kind, sha256);
            case GIT_BLOB -> new Checksum(kind, Content.gitBlob(file, progress));
            case NONE -> NONE;
        };
    }

    @Override
    public String toString() {
        return isGiven() ? kind.label + " " + hex : kind.label;
    }
}
