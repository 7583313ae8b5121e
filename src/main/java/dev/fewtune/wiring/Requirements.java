package dev.fewtune.wiring;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Ends a start with settings that cannot be meant, before anything else runs. */
@Singleton
public class Requirements {
    private static final int BEFORE_THE_SCHEDULER = Interceptor.Priority.PLATFORM_BEFORE - 1;
    private final FewtuneConfig config;
    private final String host;

    Requirements(FewtuneConfig config, @ConfigProperty(name = "quarkus.http.host") String host) {
        this.config = config;
        this.host = host;
    }

    void check(@Observes @Priority(BEFORE_THE_SCHEDULER) StartupEvent event) {
        Environment.problem(System.getenv())
                .or(() -> Exposure.problem(host, config.token(), config.auth()))
                .ifPresent(problem -> {
                    throw new IllegalStateException(problem);
                });
        Slots.of(config, Runtime.getRuntime().availableProcessors());
    }
}
