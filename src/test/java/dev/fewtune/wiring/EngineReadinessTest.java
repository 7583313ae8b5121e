package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.train.EngineCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class EngineReadinessTest {
    private final EngineCheck broken = new EngineCheck(() -> {
        throw new UnsatisfiedLinkError("no such library");
    });

    @Test
    void isNotReadyWhereCellsRunAndTheEngineIsBroken() {
        for (FewtuneConfig.Role role : new FewtuneConfig.Role[] {FewtuneConfig.Role.ALL, FewtuneConfig.Role.WORKER}) {
            HealthCheckResponse answer = EngineReadiness.of(role, broken);

            assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
            assertThat(answer.getData().orElseThrow().get("fault").toString())
                    .contains("TensorFlow does not work on this machine")
                    .contains("no such library");
        }
    }

    @Test
    void needsNoEngineWhereNoCellsRun() {
        assertThat(EngineReadiness.of(FewtuneConfig.Role.WEB, broken).getStatus())
                .isEqualTo(Status.UP);
    }

    @Test
    void isReadyWithTheVersionOfAnEngineThatWorks() {
        EngineCheck works = new EngineCheck(() -> new EngineCheck.Facts("2.18.0", false));

        HealthCheckResponse answer = EngineReadiness.of(FewtuneConfig.Role.WORKER, works);
        assertThat(answer.getStatus()).isEqualTo(Status.UP);
        assertThat(answer.getData().orElseThrow()).containsEntry("version", "2.18.0");
    }
}
