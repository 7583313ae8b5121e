package dev.fewtune.cli;

import dev.fewtune.run.HomeLock;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The server: tells commands where it listens, and runs until it is told to stop. */
public final class Serve implements QuarkusApplication {
    private final HomeLock lock;
    private final String host;
    private final int port;
    private final Optional<String> token;

    Serve(
            HomeLock lock,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port,
            @ConfigProperty(name = "fewtune.token") Optional<String> token) {
        this.lock = lock;
        this.host = host;
        this.port = port;
        this.token = token;
    }

    @Override
    public int run(String... arguments) throws IOException {
        String url = "http://%s:%d".formatted(host.equals("0.0.0.0") ? "127.0.0.1" : host, port);
        lock.tell(url, token.orElse(null));
        System.err.println("Fewtune listens on " + url.replace("127.0.0.1", "localhost"));
        Quarkus.waitForExit();
        return 0;
    }
}
