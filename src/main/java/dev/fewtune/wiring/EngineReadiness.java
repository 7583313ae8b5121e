package dev.fewtune.wiring;

import dev.fewtune.train.EngineCheck;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Whether TensorFlow works, where cells run. */
@org.eclipse.microprofile.health.Readiness
class EngineReadiness implements HealthCheck {
    private static final String NAME = "engine";
    private final FewtuneConfig config;
    private final EngineCheck engine;

    EngineReadiness(FewtuneConfig config, EngineCheck engine) {
        this.config = config;
        this.engine = engine;
    }

    @Override
    public HealthCheckResponse call() {
        return of(config.role(), engine);
    }

    static HealthCheckResponse of(FewtuneConfig.Role role, EngineCheck engine) {
        if (role == FewtuneConfig.Role.WEB) {
            return HealthCheckResponse.named(NAME)
                    .up()
                    .withData("tried", "no: this process runs no cells")
                    .build();
        }
        try {
            EngineCheck.Facts facts = engine.facts();
            return HealthCheckResponse.named(NAME)
                    .up()
                    .withData("version", facts.version())
                    .withData("gpu", facts.gpu())
                    .build();
        } catch (EngineCheck.Broken broken) {
            return HealthCheckResponse.named(NAME)
                    .down()
                    .withData("fault", broken.getMessage())
                    .build();
        }
    }
}
