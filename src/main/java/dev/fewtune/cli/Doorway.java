package dev.fewtune.cli;

import dev.fewtune.run.HomeLock;
import java.io.PrintStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Finds the runs: a server that owns the home folder, or else this process, started without its web pages. */
record Doorway(PrintStream err) {
    /** What a command does behind the door. */
    interface Visit {
        int at(Door door) throws Exception;
    }

    /** A visit that only looks: a process of this call's own runs no cells. */
    int look(Visit visit) {
        System.setProperty("fewtune.role", "web");
        return enter(visit);
    }

    int enter(Visit visit) {
        Optional<HomeLock.Owner> owner = HomeLock.owner(ProcessSettings.home());
        try {
            if (owner.isPresent()) {
                return visitServer(owner.get(), visit);
            }
            return visitHere(visit);
        } catch (RuntimeException known) {
            throw known;
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private int visitServer(HomeLock.Owner owner, Visit visit) throws Exception {
        if (owner.url() == null || owner.url().isBlank()) {
            err.printf(
                    "The home folder belongs to process %d, which is no server. Maybe wait for it, or set FEWTUNE_HOME to another folder.%n",
                    owner.pid());
            return Commands.USAGE;
        }
        err.printf("Using the server at %s (process %d).%n", owner.url(), owner.pid());
        return visit.at(new RemoteDoor(new Server(URI.create(owner.url()), owner.token())));
    }

    private int visitHere(Visit visit) throws Exception {
        System.setProperty("quarkus.http.host-enabled", "false");
        System.setProperty("quarkus.banner.enabled", "false");
        System.setProperty("quarkus.log.console.stderr", "true");
        System.setProperty("quarkus.log.level", System.getProperty("quarkus.log.level", "WARN"));
        AtomicReference<Exception> failure = new AtomicReference<>();
        Guest.visit = door -> {
            try {
                return visit.at(door);
            } catch (Exception thrown) {
                failure.set(thrown);
                return Commands.FAILED;
            }
        };
        int code = new Boot(err).run(Guest.class);
        if (failure.get() != null) {
            throw failure.get();
        }
        return code;
    }
}
