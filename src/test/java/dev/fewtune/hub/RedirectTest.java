package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {
    private static final URI HUB = URI.create("https://hub.test/a/b/resolve/c/d");

    @Test
    void followsWholeAndRelativeAddresses() throws IOException {
        assertThat(Redirect.follow(HUB, "https://store.test/x?y=%2F")).hasToString("https://store.test/x?y=%2F");
        assertThat(Redirect.follow(HUB, "/api/x")).hasToString("https://hub.test/api/x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://store.test/x", "file:///etc/passwd", "", ":", "mailto:a@b"})
    void followsNeitherToAnOpenConnectionNorToWhatIsNoAddress(String location) {
        assertThatIOException()
                .isThrownBy(() -> Redirect.follow(HUB, location.isEmpty() ? "https:///" : location))
                .withMessageContaining("hub.test sent us on to");
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.test/x, true",
        "https://HUB.test:443/x, true",
        "https://hub.test:444/x, false",
        "http://hub.test/x, false",
        "https://a.hub.test/x, false",
        "https://hub.test.evil/x, false"
    })
    void takesOnlyTheSameSchemeHostAndPortForTheHub(String address, boolean same) {
        assertThat(Redirect.sameOrigin(URI.create(address), HUB)).isEqualTo(same);
    }
}
