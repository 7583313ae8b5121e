package dev.fewtune.wiring;

import dev.fewtune.artifact.Store;
import java.io.IOException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Whether the store can be written. Quarkus brings a check of its own for the database. */
@org.eclipse.microprofile.health.Readiness
class Readiness implements HealthCheck {
    private final Store store;

    Readiness(Store store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        try {
            store.requireWritable();
            return HealthCheckResponse.up("store");
        } catch (IOException unwritable) {
            return HealthCheckResponse.named("store")
                    .down()
                    .withData("fault", "The store cannot be written: " + unwritable)
                    .build();
        }
    }
}
