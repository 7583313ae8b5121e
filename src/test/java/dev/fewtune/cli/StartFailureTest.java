package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidationException.Problem;
import java.net.BindException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StartFailureTest {
    @Test
    void namesTheSettingItsValueAndTheWordsThatItTakes() {
        assertThat(
                        sentence(
                                validation(
                                        "java.lang.IllegalArgumentException: SRCFG00039: The config property fewtune.role with the config value \"bad\" threw an Exception whilst being converted SRCFG00049: Cannot convert bad to enum class Role, allowed values: web,all,worker")))
                .isEqualTo("FEWTUNE_ROLE (bad) must be one of all, web, worker.");
    }

    @Test
    void namesANumberThatIsNone() {
        assertThat(
                        sentence(
                                validation(
                                        "java.lang.IllegalArgumentException: SRCFG00039: The config property fewtune.device-slots with the config value \"two\" threw an Exception whilst being converted SRCFG00029: Expected an integer value, got \"two\"")))
                .isEqualTo("FEWTUNE_DEVICE_SLOTS (two) must be a whole number.");
    }

    @Test
    void namesASettingThatDoesNotExist() {
        assertThat(sentence(validation("SRCFG00050: fewtune.foo in SysPropConfigSource does not map to any root")))
                .isEqualTo(
                        "There is no setting fewtune.foo (SysPropConfigSource). Maybe one of those that the README lists.");
    }

    @Test
    void namesThePortThatIsTaken() {
        assertThat(sentence(foreign(new BindException("Port already bound: 8080: Address already in use"))))
                .isEqualTo("The port 8080 is in use by another process. Maybe set QUARKUS_HTTP_PORT to another one.");
    }

    @Test
    void namesTheSettingsOfADatabaseThatDoesNotAnswer() {
        Throwable link = foreign(new SQLException("Communications link failure\n\nThe last packet …"));

        assertThat(sentence(foreign(new IllegalStateException("wrapped", link))))
                .isEqualTo(
                        "The database does not answer: Communications link failure. Maybe check DB_URL, DB_USER and DB_PASSWORD.");
    }

    @Test
    void saysWhatTheProgramItselfHasToSay() {
        assertThat(sentence(new IllegalStateException("The address 0.0.0.0 is open.")))
                .isEqualTo("The address 0.0.0.0 is open.");
    }

    @Test
    void saysTheDeepestReasonOfAnythingElse() {
        assertThat(sentence(foreign(new NullPointerException("no such thing"))))
                .isEqualTo("Fewtune could not start: no such thing");
    }

    private static Throwable validation(String message) {
        return foreign(new ConfigValidationException(new Problem[] {new Problem(message)}));
    }

    private static String sentence(Throwable cause) {
        return new StartFailure(foreign(new RuntimeException("Failed to start quarkus", cause))).sentence();
    }

    /** Thrown by a library. */
    private static Throwable foreign(Throwable thrown) {
        thrown.setStackTrace(new StackTraceElement[] {new StackTraceElement("org.library.Start", "start", "", 1)});
        return thrown;
    }
}
