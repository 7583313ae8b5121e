package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.Pool;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {
    @Test
    void takesTheCoresWhereNothingIsSaid() {
        Slots slots = Slots.of(config("all", 0, 2), 4);

        assertThat(slots.of(Pool.LIGHT)).isEqualTo(4);
        assertThat(slots.of(Pool.DEVICE)).isEqualTo(2);
        assertThat(Slots.of(config("worker", 3, 1), 4).of(Pool.LIGHT)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025})
    void refusesDeviceSlotsThatLetTrainingsWaitForEver(int slots) {
        assertThatThrownBy(() -> Slots.of(config("worker", 0, slots), 4))
                .hasMessageContaining("FEWTUNE_DEVICE_SLOTS (" + slots + ") must lie in [1, 1024]")
                .hasMessageContaining("Maybe FEWTUNE_ROLE=web");
    }

    @Test
    void refusesFewerThanNoLightSlots() {
        assertThatThrownBy(() -> Slots.of(config("all", -1, 1), 4))
                .hasMessageContaining("FEWTUNE_LIGHT_SLOTS (-1) must lie in [0, 1024]");
    }

    @Test
    void hasNoneWhereNoCellsRun() {
        assertThat(Slots.of(config("web", 0, 0), 4)).isEqualTo(new Slots(0, 0));
    }

    private static FewtuneConfig config(String role, int light, int device) {
        return new SmallRyeConfigBuilder()
                .withMapping(FewtuneConfig.class)
                .withDefaultValues(Map.of(
                        "fewtune.home", "h",
                        "fewtune.role", role,
                        "fewtune.cache-dir", "c",
                        "fewtune.hub.cache-dir", "c/hub",
                        "fewtune.artifacts-dir", "a",
                        "fewtune.light-slots", "" + light,
                        "fewtune.device-slots", "" + device,
                        "fewtune.host", "127.0.0.1",
                        "fewtune.auth", "token",
                        "fewtune.logs.keep-days", "90"))
                .withDefaultValue("fewtune.states-megabytes", "0")
                .build()
                .getConfigMapping(FewtuneConfig.class);
    }
}
