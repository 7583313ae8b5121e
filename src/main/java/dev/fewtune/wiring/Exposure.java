package dev.fewtune.wiring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whether a server may listen where it is told to. */
final class Exposure {
    private Exposure() {}

    /** Why it may not, or nothing. */
    static Optional<String> problem(String host, Optional<String> token, FewtuneConfig.Auth auth) {
        if (isLoopback(host) || token.isPresent() || auth == FewtuneConfig.Auth.NONE) {
            return Optional.empty();
        }
        return Optional.of(
                "The address %s is open to other machines, and no token is set. Maybe set FEWTUNE_TOKEN, or FEWTUNE_AUTH=none to serve everybody."
                        .formatted(host));
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
