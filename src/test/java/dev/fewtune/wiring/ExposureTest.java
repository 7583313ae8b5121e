package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExposureTest {
    @Test
    void opensNoOtherAddressWithoutAToken() {
        assertThat(Exposure.problem("0.0.0.0", Optional.empty(), FewtuneConfig.Auth.TOKEN))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("0.0.0.0").contains("FEWTUNE_TOKEN"));
    }

    @Test
    void opensAnyAddressWithATokenOrOnRequest() {
        assertThat(Exposure.problem("0.0.0.0", Optional.of("secret"), FewtuneConfig.Auth.TOKEN))
                .isEmpty();
        assertThat(Exposure.problem("0.0.0.0", Optional.empty(), FewtuneConfig.Auth.NONE))
                .isEmpty();
    }

    @Test
    void needsNoTokenOnLoopback() {
        assertThat(Exposure.problem("127.0.0.1", Optional.empty(), FewtuneConfig.Auth.TOKEN))
                .isEmpty();
        assertThat(Exposure.problem("localhost", Optional.empty(), FewtuneConfig.Auth.TOKEN))
                .isEmpty();
        assertThat(Exposure.problem("::1", Optional.empty(), FewtuneConfig.Auth.TOKEN))
                .isEmpty();
    }
}
