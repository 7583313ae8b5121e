package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import dev.fewtune.workflow.Plan;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of runs share: the room under test, and questions about a run. */
abstract class RunsFixture {
    @Inject
    Runs runs;

    @Inject
    RunRoom room;

    @Inject
    Identity identity;

    final Ending ending = new Ending(Clock.systemUTC());

    @BeforeEach
    @AfterEach
    void mend() {
        RecordedStep.BROKEN.clear();
        RecordedStep.HELD.clear();
    }

    long submit(Plan plan) {
        return runs.submit(plan, "yaml", "test", null);
    }

    RunView ended(long run) {
        await().atMost(Duration.ofSeconds(120))
                .until(() -> runs.run(run).state().ended());
        return runs.run(run);
    }

    /** Waits until an attempt of the cell runs. */
    void running(long run, int ordinal, int attempt) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> runs.cell(run, ordinal).state() == CellState.RUNNING
                        && runs.cell(run, ordinal).attempt() == attempt);
    }

    /** Keeps the only device slot busy as long as words are held. */
    void blockDevice() {
        RecordedStep.HELD.add("blocker");
        running(submit(new Plans().cell("blocker", "device", "blocker", false).plan()), 0, 1);
    }

    List<String> states(long run) {
        return runs.cells(run, null, null, null, null, 10_000).stream()
                .map(cell -> cell.state().name())
                .toList();
    }

    static Ending.Outcome failure(Cause cause, String message) {
        return new Ending.Outcome(CellState.FAILED, cause, message, null, null, null);
    }

    /** The counters of the row say what its cells say. */
    void countersAgree(long run) {
        RunRow row = Tx.call(() -> RunRow.findById(run));
        Map<CellState, Integer> counted = new EnumMap<>(CellState.class);
        counted.put(CellState.SUCCEEDED, row.succeeded);
        counted.put(CellState.FAILED, row.failed);
        counted.put(CellState.CANCELLED, row.cancelled);
        counted.put(CellState.SKIPPED, row.skipped);
        counted.put(CellState.CACHED, row.cached);
        Map<CellState, Integer> recomputed = new EnumMap<>(runs.run(run).counts());
        recomputed.keySet().removeIf(state -> !state.ended());
        assertThat(counted).isEqualTo(recomputed);
    }
}
