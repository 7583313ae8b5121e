package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({"Linux,amd64", "Linux,x86_64", "Linux,aarch64", "Mac OS X,aarch64"})
    void runsWhereTensorFlowHasANativeLibrary(String os, String arch) {
        assertThat(new Platform(os, arch).refusal()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Windows 11,amd64", "Windows Server 2022,amd64", "Mac OS X,x86_64", "Linux,riscv64", "FreeBSD,amd64"})
    void refusesOthersNamingThemAndTheWayOut(String os, String arch) {
        assertThat(new Platform(os, arch).refusal()).hasValueSatisfying(refusal -> assertThat(refusal)
                .contains("Fewtune does not run on " + os + " (" + arch + ")")
                .contains("linux-x86_64, linux-arm64, macosx-arm64")
                .contains("Maybe use Linux"));
    }

    @Test
    void sendsWindowsToItsOwnLinux() {
        assertThat(new Platform("Windows 10", "amd64").refusal().orElseThrow()).contains("WSL 2");
        assertThat(new Platform("Mac OS X", "x86_64").refusal().orElseThrow()).doesNotContain("WSL 2");
    }
}
