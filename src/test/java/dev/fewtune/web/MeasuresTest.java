package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewtune.run.CellState;
import dev.fewtune.run.Runs;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a monitor reads at /q/metrics. */
@Tag("server")
@QuarkusTest
class MeasuresTest {
    @Inject
    Runs runs;

    @AfterEach
    void release() {
        RecordedStep.HELD.clear();
        RecordedStep.BROKEN.clear();
    }

    @Test
    void countsCellsByStateQueuesByPoolAndEndedAttemptsByCause() {
        double failed = value("fewtune_cells{state=\"failed\"}");
        double yours = value("fewtune_attempts_ended_total{cause=\"yours\"}");
        double well = value("fewtune_attempts_ended_total{cause=\"none\"}");
        double waiting = value("fewtune_cells{state=\"waiting\"}");
        double queued = value("fewtune_queue_depth{pool=\"device\"}");
        RecordedStep.BROKEN.add("broken");
        RecordedStep.HELD.add("held");
        long run = runs.submit(
                new Plans()
                        .cell("a", "light", "broken", false)
                        .cell("b", "light", "one", false)
                        .cell("c", "device", "held", false)
                        .cell("c", "device", "held", false)
                        .cell("c", "device", "held", false)
                        .cell("d", "light", "last", false, 2)
                        .plan(),
                "yaml",
                "test",
                null);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> runs.run(run).counts().get(CellState.FAILED) == 1
                        && runs.run(run).counts().get(CellState.SUCCEEDED) == 1
                        && runs.run(run).counts().get(CellState.RUNNING) == 1);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(value("fewtune_cells{state=\"failed\"}")).isEqualTo(failed + 1);
            assertThat(value("fewtune_cells{state=\"running\"}")).isEqualTo(1);
            assertThat(value("fewtune_cells{state=\"waiting\"}")).isEqualTo(waiting + 1);
            assertThat(value("fewtune_attempts_ended_total{cause=\"yours\"}")).isEqualTo(yours + 1);
            assertThat(value("fewtune_attempts_ended_total{cause=\"none\"}")).isEqualTo(well + 1);
            assertThat(value("fewtune_queue_depth{pool=\"device\"}")).isEqualTo(queued + 2);
        });
        assertThat(given().get("/q/metrics").asString()).contains("jvm_memory");
        RecordedStep.HELD.clear();
        await().atMost(Duration.ofSeconds(30)).until(() -> runs.run(run).state().ended());
    }

    private static double value(String name) {
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(given().get("/q/metrics").asString());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
