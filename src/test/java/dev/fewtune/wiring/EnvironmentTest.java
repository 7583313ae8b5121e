package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void knowsEverySettingByItsVariable() {
        assertThat(Environment.names())
                .containsExactly(
                        "FEWTUNE_ARTIFACTS_DIR",
                        "FEWTUNE_AUTH",
                        "FEWTUNE_CACHE_DIR",
                        "FEWTUNE_DATA_ROOTS",
                        "FEWTUNE_DEVICE_SLOTS",
                        "FEWTUNE_HOME",
                        "FEWTUNE_HOST",
                        "FEWTUNE_HUB_CACHE_DIR",
                        "FEWTUNE_HUB_ENDPOINT",
                        "FEWTUNE_HUB_OFFLINE",
                        "FEWTUNE_HUB_TOKEN",
                        "FEWTUNE_LIGHT_SLOTS",
                        "FEWTUNE_LOGS_KEEP_DAYS",
                        "FEWTUNE_ROLE",
                        "FEWTUNE_STATES_MEGABYTES",
                        "FEWTUNE_TOKEN");
        assertThat(Environment.problem(Map.of("FEWTUNE_HOME", "x", "PATH", "y")))
                .isEmpty();
    }

    @Test
    void refusesAVariableThatNothingReads() {
        assertThat(Environment.problem(Map.of("FEWTUNE_DEVICE_SLOT", "1")))
                .hasValueSatisfying(problem -> assertThat(problem)
                        .startsWith("There is no setting FEWTUNE_DEVICE_SLOT. Maybe one of ")
                        .contains("FEWTUNE_DEVICE_SLOTS"));
    }

    @Test
    void passesOverWhatKubernetesTellsOfAServiceOfThatName() {
        assertThat(Environment.problem(Map.of(
                        "FEWTUNE_SERVICE_HOST", "10.0.0.7",
                        "FEWTUNE_SERVICE_PORT", "8080",
                        "FEWTUNE_SERVICE_PORT_HTTP", "8080",
                        "FEWTUNE_PORT", "tcp://10.0.0.7:8080",
                        "FEWTUNE_PORT_8080_TCP", "tcp://10.0.0.7:8080",
                        "FEWTUNE_PORT_8080_TCP_PROTO", "tcp",
                        "FEWTUNE_PORT_8080_TCP_PORT", "8080",
                        "FEWTUNE_PORT_8080_TCP_ADDR", "10.0.0.7")))
                .isEmpty();
        assertThat(Environment.problem(Map.of("FEWTUNE_PORT", "eighty"))).isPresent();
    }
}
