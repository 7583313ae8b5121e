package dev.fewtune.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of response headers; what is missing or garbled counts as not said. */
final class Header {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
    private static final Pattern STRONG = Pattern.compile("\"[^\"]+\"");

    private Header() {}

    /**
     * What part of a file an answer holds.
     *
     * @param from the first byte, or {@link RemoteFile#UNKNOWN}
     * @param total size of the whole file, or {@link RemoteFile#UNKNOWN}
     */
    record Range(long from, long total) {}

    /** Empty where there is none. */
    static String text(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    /** {@link RemoteFile#UNKNOWN} where there is none. */
    static long number(HttpHeaders headers, String name) {
        String text = text(headers, name);
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : RemoteFile.UNKNOWN;
    }

    static Range range(HttpHeaders headers) {
        Matcher range = RANGE.matcher(text(headers, "Content-Range"));
        if (!range.matches()) {
            return new Range(RemoteFile.UNKNOWN, RemoteFile.UNKNOWN);
        }
        return new Range(
                Long.parseLong(range.group(1)),
                range.group(2).equals("*") ? RemoteFile.UNKNOWN : Long.parseLong(range.group(2)));
    }

    /** The entity tag where it promises the same bytes; empty otherwise. */
    static String strongEtag(HttpHeaders headers) {
        String etag = text(headers, "ETag");
        return STRONG.matcher(etag).matches() ? etag : "";
    }

    /** How long the server asks us to wait; only seconds are understood. */
    static Duration retryAfter(HttpHeaders headers) {
        return Duration.ofSeconds(Math.max(0, number(headers, "Retry-After")));
    }
}
