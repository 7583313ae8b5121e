package dev.fewtune.hub;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/**
 * What the Hub itself says of a file in the headers of its answers, for listings that leave it out.
 *
 * @param size in bytes, or {@link RemoteFile#UNKNOWN}
 */
record Announced(long size, Checksum checksum) {
    static final Announced NOTHING = new Announced(RemoteFile.UNKNOWN, Checksum.NONE);

    /** {@code X-Linked-*} describe the file behind a redirect; the plain headers describe it where there is none. */
    static Announced in(HttpResponse<?> response) {
        HttpHeaders headers = response.headers();
        if (Redirect.is(response.statusCode())) {
            return new Announced(
                    Header.number(headers, "X-Linked-Size"), Checksum.ofEtag(Header.text(headers, "X-Linked-Etag")));
        }
        return switch (response.statusCode()) {
            case 200 ->
                new Announced(Header.number(headers, "Content-Length"), Checksum.ofEtag(Header.text(headers, "ETag")));
            case 206 -> new Announced(Header.range(headers).total(), Checksum.ofEtag(Header.text(headers, "ETag")));
            default -> NOTHING;
        };
    }

    /** Completed by what a later answer says. */
    Announced or(Announced later) {
        return new Announced(
                size == RemoteFile.UNKNOWN ? later.size() : size, checksum.isGiven() ? checksum : later.checksum());
    }
}
