package dev.fewtune.hub;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** Where an answer sends us on, and whether the token may go there. */
final class Redirect {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private Redirect() {}

    static boolean is(int status) {
        return STATUSES.contains(status);
    }

    /**
     * @param location absolute or relative
     * @throws IOException where it leads nowhere, or from an encrypted connection to an open one
     */
    static URI follow(URI from, String location) throws IOException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s sent us on to something that is no address".formatted(from.getHost()), e);
        }
        if (to.getHost() == null || !Set.of("http", "https").contains(to.getScheme())) {
            throw new IOException("%s sent us on to something that is no address".formatted(from.getHost()));
        }
        if (from.getScheme().equals("https") && to.getScheme().equals("http")) {
            throw new IOException(
                    "%s sent us on to the unencrypted address of %s".formatted(from.getHost(), to.getHost()));
        }
        return to;
    }

    /** Whether scheme, host and port are the same. */
    static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }
}
