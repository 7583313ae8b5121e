package dev.fewtune.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewtune.run.CellState;
import dev.fewtune.run.Runs;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who listens to a run knows all its cells, whenever he came. */
@Tag("server")
@QuarkusTest
class EventsTest {
    @Inject
    Runs runs;

    @AfterEach
    void release() {
        RecordedStep.HELD.clear();
        RecordedStep.BROKEN.clear();
    }

    @Test
    void tellsEveryCellFirstAndThenWhatChanges() throws Exception {
        long run = threeCells();
        soon(() -> runs.cell(run, 1).state() == CellState.RUNNING);
        try (Listener listener = Listener.of(events(run))) {
            soon(() -> listener.knows("run", "RUNNING")
                    && listener.knows("cell-0", "SUCCEEDED")
                    && listener.knows("cell-1", "RUNNING")
                    && listener.knows("cell-2", "WAITING"));
            RecordedStep.HELD.clear();
            soon(listener::ended);
            assertThat(listener.knows("cell-1", "SUCCEEDED")).isTrue();
            assertThat(listener.knows("cell-2", "SUCCEEDED")).isTrue();
            assertThat(listener.knows("run", "SUCCEEDED")).isTrue();
            assertThat(listener.heard("cell-0"))
                    .as("a cell that does not change")
                    .hasSize(1);
        }
    }

    @Test
    void tellsWhoComesBackWhatEndedInBetween() throws Exception {
        RecordedStep.HELD.add("later");
        long run = threeCells();
        try (Listener first = Listener.of(events(run))) {
            soon(() -> first.knows("cell-1", "RUNNING"));
        }
        RecordedStep.HELD.remove("held");
        soon(() -> runs.cell(run, 2).state() == CellState.RUNNING);
        try (Listener second = Listener.of(events(run))) {
            soon(() -> second.knows("cell-0", "SUCCEEDED")
                    && second.knows("cell-1", "SUCCEEDED")
                    && second.knows("cell-2", "RUNNING"));
            assertThat(second.heard("cell-1").get(0).json().getString("state")).isEqualTo("SUCCEEDED");
            RecordedStep.HELD.clear();
            soon(second::ended);
        }
    }

    @Test
    void tellsOfAnAttemptThatEndsAsTheOneBefore() throws Exception {
        RecordedStep.BROKEN.add("one");
        RecordedStep.HELD.add("held");
        long run = runs.submit(
                new Plans()
                        .cell("a", "light", "one", false)
                        .cell("b", "light", "held", false)
                        .plan(),
                "yaml",
                "test",
                null);
        try (Listener listener = Listener.of(events(run))) {
            soon(() -> listener.knows("cell-0", "FAILED"));
            runs.retry(run, 0, "test");
            soon(() -> listener.heard("cell-0").stream()
                    .anyMatch(event -> event.json().getInt("attempt") == 2
                            && event.json().getString("state").equals("FAILED")));
            RecordedStep.HELD.clear();
            soon(listener::ended);
        }
    }

    private long threeCells() {
        RecordedStep.HELD.add("held");
        return runs.submit(
                new Plans()
                        .cell("a", "light", "one", false)
                        .cell("b", "light", "held", false, 0)
                        .cell("c", "light", "later", false, 1)
                        .plan(),
                "yaml",
                "test",
                null);
    }

    private static String events(long run) {
        return "/api/runs/" + run + "/events";
    }

    private static void soon(Callable<Boolean> holds) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(holds);
    }
}
