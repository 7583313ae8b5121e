package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
    private static final int TAKEN = 3;

    @TempDir
    Path home;

    /** @param out what it wrote to standard output */
    private record Other(int code, String out) {}

    @Test
    void namesTheOwnerToASecondProcessAndLetsItInAfterwards() throws Exception {
        try (HomeLock lock = HomeLock.take(home)) {
            lock.tell("http://localhost:8080", "secret");
            Other other = otherProcess();
            assertThat(other.code()).isEqualTo(TAKEN);
            assertThat(other.out())
                    .contains("belongs to process " + ProcessHandle.current().pid())
                    .contains("FEWTUNE_HOME")
                    .doesNotContain("secret");
        }
        assertThat(otherProcess().code()).isZero();
    }

    @Test
    void keepsOtherProcessesOutEvenAfterItsOwnProcessAskedForTheOwner() throws Exception {
        try (HomeLock lock = HomeLock.take(home)) {
            lock.tell("http://localhost:8080", "secret");
            assertThat(HomeLock.owner(home))
                    .contains(new HomeLock.Owner(ProcessHandle.current().pid(), "http://localhost:8080", "secret"));
            assertThatThrownBy(() -> HomeLock.take(home)).isInstanceOf(IllegalStateException.class);
            assertThat(otherProcess().code()).isEqualTo(TAKEN);
        }
        assertThat(HomeLock.owner(home)).isEmpty();
    }

    @Test
    void showsTheTokenToItsOwnerOnly() throws IOException {
        try (HomeLock lock = HomeLock.take(home)) {
            lock.tell("http://localhost:8080", "secret");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("lock.owner"))))
                    .isEqualTo("rw-------");
        }
    }

    private Other otherProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                        Taker.class.getName(),
                        home.toString())
                .start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Other(process.exitValue(), out);
    }

    /** Tries to take a home folder. */
    static final class Taker {
        public static void main(String[] arguments) throws IOException {
            try (HomeLock lock = HomeLock.take(Path.of(arguments[0]))) {
                System.out.println("taken");
            } catch (IllegalStateException taken) {
                System.out.println(taken.getMessage());
                System.exit(TAKEN);
            }
        }
    }
}
