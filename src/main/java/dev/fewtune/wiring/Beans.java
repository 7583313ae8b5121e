package dev.fewtune.wiring;

import dev.fewtune.artifact.Store;
import dev.fewtune.db.StartLock;
import dev.fewtune.hub.HubSettings;
import dev.fewtune.hub.Models;
import dev.fewtune.hub.Patience;
import dev.fewtune.queue.CellJobHandler;
import dev.fewtune.queue.JobQueue;
import dev.fewtune.run.Changes;
import dev.fewtune.run.HomeLock;
import dev.fewtune.run.Identity;
import dev.fewtune.run.Library;
import dev.fewtune.run.RunRoom;
import dev.fewtune.run.Runs;
import dev.fewtune.spec.Catalog;
import dev.fewtune.step.Bench;
import dev.fewtune.step.Catalogs;
import dev.fewtune.train.EngineCheck;
import dev.fewtune.web.Access;
import io.quarkus.arc.Arc;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes beans of plain classes. */
@Singleton
public class Beans {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    @Unremovable
    Catalog catalog() {
        return Catalogs.builtIn();
    }

    @Produces
    @Singleton
    Store store(FewtuneConfig config) {
        return new Store(config.artifactsDir());
    }

    @Produces
    @Singleton
    Models models(FewtuneConfig config, Clock clock) {
        FewtuneConfig.Hub hub = config.hub();
        HubSettings settings = HubSettings.of(
                hub.endpoint().orElse(""), hub.token().orElse(""), hub.offline().orElse(""), Patience.USUAL);
        return new Models(hub.cacheDir(), settings, clock);
    }

    @Produces
    @Singleton
    Bench bench(
            FewtuneConfig config, Models models, @ConfigProperty(name = "quarkus.application.version") String version) {
        return new LocalBench(config.cacheDir(), config.statesMegabytes(), models, version);
    }

    @Produces
    @Singleton
    Changes changes() {
        return new Changes();
    }

    @Produces
    @Singleton
    Identity identity(FewtuneConfig config) {
        try {
            return Identity.of(config.home());
        } catch (IOException unwritable) {
            throw new IllegalStateException(
                    "The home folder %s cannot be written: %s.".formatted(config.home(), unwritable.getMessage()),
                    unwritable);
        }
    }

    @Produces
    @Singleton
    HomeLock lock(FewtuneConfig config) {
        return HomeLock.take(config.home());
    }

    @Produces
    @Singleton
    Slots slots(FewtuneConfig config) {
        return Slots.of(config, Runtime.getRuntime().availableProcessors());
    }

    @Produces
    @Singleton
    EngineCheck engine() {
        return EngineCheck.HERE;
    }

    @Produces
    @Singleton
    JobQueue queue(DataSource source, Slots slots, Identity identity) {
        return StartLock.hold(
                source,
                () -> new JobQueue(
                        source,
                        () -> Arc.container().instance(CellJobHandler.class).get(),
                        slots::of,
                        identity.boot()));
    }

    @Produces
    @Singleton
    RunRoom room(
            FewtuneConfig config,
            StepList steps,
            Store store,
            JobQueue queue,
            Changes changes,
            Clock clock,
            Identity identity,
            Slots slots) {
        return RunRoom.of(
                steps.kinds(),
                store,
                queue,
                changes,
                clock,
                identity,
                slots.light(),
                slots.device(),
                config.logs().keepDays());
    }

    @Produces
    @Singleton
    @Unremovable
    Runs runs(RunRoom room) {
        return room.runs();
    }

    @Produces
    @Singleton
    @Unremovable
    CellJobHandler handler(RunRoom room) {
        return new CellJobHandler(room.runner());
    }

    @Produces
    @Singleton
    Library library(Clock clock) {
        return new Library(clock);
    }

    @Produces
    @Singleton
    Access access(FewtuneConfig config, @ConfigProperty(name = "quarkus.http.host") String host) {
        return new Access(
                config.role() != FewtuneConfig.Role.WORKER,
                config.token(),
                Exposure.isLoopback(host) && config.token().isEmpty(),
                config.data().roots().orElse(List.of()));
    }
}
