package dev.fewtune.cli;

import dev.fewtune.run.HomeLock;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts the application in this process, or says in one sentence why it does not start. */
record Boot(PrintStream err) {
    /** @return the exit code, when the application has ended */
    int run(Class<? extends QuarkusApplication> application) {
        Optional<String> problem = problem(ProcessSettings.home());
        if (problem.isPresent()) {
            err.println(problem.get());
            return Commands.USAGE;
        }
        AtomicInteger code = new AtomicInteger(Commands.FAILED);
        Quarkus.run(application, (exit, thrown) -> {
            if (thrown != null) {
                err.println(new StartFailure(thrown).sentence());
            }
            code.set(exit);
        });
        return code.get();
    }

    /** What can be told before anything is started. */
    private static Optional<String> problem(Path home) {
        Optional<HomeLock.Owner> owner = HomeLock.owner(home);
        if (owner.isPresent()) {
            return Optional.of(
                    "The home folder %s belongs to process %d. Maybe stop it, or set FEWTUNE_HOME to another folder."
                            .formatted(home, owner.get().pid()));
        }
        try {
            Files.createDirectories(home);
            Files.delete(Files.createTempFile(home, "probe", ".tmp"));
            return Optional.empty();
        } catch (IOException unwritable) {
            return Optional.of("The home folder %s cannot be written (%s). Maybe set FEWTUNE_HOME to another folder."
                    .formatted(home, unwritable));
        }
    }
}
