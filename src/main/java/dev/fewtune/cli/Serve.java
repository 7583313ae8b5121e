package dev.fewtune.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** The server: runs until it is told to stop. */
public final class Serve implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
        Quarkus.waitForExit();
        return 0;
    }
}
