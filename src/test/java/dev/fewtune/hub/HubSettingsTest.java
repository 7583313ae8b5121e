package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fewtune.spec.CellFailure;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    @Test
    void asksThePublicHubWithoutATokenWhereNothingIsSet() {
        assertThat(of(Map.of())).isEqualTo(new HubSettings(HubSettings.DEFAULT_ENDPOINT, "", false, Patience.USUAL));
    }

    @Test
    void takesTheVariablesOfHuggingFacesOwnTools() {
        assertThat(of(Map.of(
                        "HF_ENDPOINT", "http://mirror:8080/hub/", "HF_TOKEN", " hf_abc\n", "HF_HUB_OFFLINE", "Yes")))
                .isEqualTo(new HubSettings(URI.create("http://mirror:8080/hub"), "hf_abc", true, Patience.USUAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "no", "off"})
    void isOnlineUnlessToldOtherwise(String offline) {
        assertThat(of(Map.of("HF_HUB_OFFLINE", offline)).offline()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "ftp://mirror", "http:// mirror", "https://"})
    void namesAnEndpointThatIsNoAddress(String endpoint) {
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> of(Map.of("HF_ENDPOINT", endpoint)))
                .withMessageContaining("HF_ENDPOINT (" + endpoint + ") must be an address that begins with http");
    }

    @Test
    void neverTellsTheToken() {
        assertThat(of(Map.of("HF_TOKEN", "hf_secret")).toString()).doesNotContain("secret");
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> of(Map.of("HF_TOKEN", "hf_secret\nhf_other")))
                .withMessageContaining("HF_TOKEN holds characters")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 10", "2, 0, 20", "3, 0, 40", "4, 0, 60", "60, 0, 60", "1, 30, 30", "1, 3600, 60"})
    void waitsTwiceAsLongEachTimeOrAsTheServerAsksButNeverTooLong(int failures, int asked, int expected) {
        Patience patience = new Patience(9, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(1));
        assertThat(patience.after(failures, Duration.ofSeconds(asked))).isEqualTo(Duration.ofSeconds(expected));
    }

    private static HubSettings of(Map<String, String> environment) {
        return HubSettings.of(
                environment.getOrDefault("HF_ENDPOINT", ""),
                environment.getOrDefault("HF_TOKEN", ""),
                environment.getOrDefault("HF_HUB_OFFLINE", ""),
                Patience.USUAL);
    }
}
