package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewtune.db.MariaDbServer;
import dev.fewtune.testing.OnMariaDb;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("server")
@QuarkusTest
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = MariaDbServer.ELSEWHERE)
@TestProfile(OnMariaDb.class)
class RecoveryOnMariaDbTest extends RecoveryContract {
    private static final Duration LONGER_THAN_JOBRUNR_WAITS = Duration.ofSeconds(15);

    MariaDbServer server;

    @Test
    void goesOnWithoutHelpAfterTheDatabaseWasAway() throws InterruptedException {
        RecordedStep.HELD.add("outage");
        long run = submit(new Plans()
                .cell("a", "light", "outage", false)
                .cell("a", "device", "outage", false)
                .cell("b", "light", "two", false, 0, 1)
                .cell("c", "device", "three", false, 2)
                .plan());
        running(run, 0, 1);
        running(run, 1, 1);
        server.stop();
        Thread.sleep(LONGER_THAN_JOBRUNR_WAITS.toMillis());
        RecordedStep.HELD.clear();
        server.startAgain();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> runs.run(run).state().ended());
        assertThat(runs.run(run).state()).isEqualTo(RunState.SUCCEEDED);
        countersAgree(run);
    }
}
