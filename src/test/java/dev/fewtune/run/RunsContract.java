package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import dev.fewtune.workflow.Plan;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What runs promise, on every database. */
abstract class RunsContract {
    @Inject
    Runs runs;

    @Inject
    RunRoom room;

    @Inject
    Identity identity;

    @BeforeEach
    void mend() {
        RecordedStep.BROKEN.clear();
    }

    @Test
    void runsADiamondInOrderAndKeepsItsFiles() throws Exception {
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "device", "two", false, 0)
                .cell("b", "device", "three", false, 0)
                .cell("c", "light", "four", false, 1, 2)
                .plan());
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(Files.readString(runs.artifact(run, 3, "word.txt").orElseThrow()))
                .isEqualTo("one two one three four");
        assertThat(runs.log(run, 1, 1, 0, 10)).extracting(Runs.LogLine::text).containsExactly("word two");
        assertThat(runs.metrics(run, 1, 1)).containsEntry("length", List.of(new Runs.MetricPoint(1, 3)));
    }

    @Test
    void skipsWhatNeedsAFailedCellAndLetsSiblingsGoOn() {
        RecordedStep.BROKEN.add("two");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "two", false, 0)
                .cell("b", "light", "three", false, 0)
                .cell("c", "light", "four", false, 1)
                .cell("d", "light", "five", true, 1, 2)
                .plan());
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(states(run)).containsExactly("SUCCEEDED", "FAILED", "SUCCEEDED", "SKIPPED", "SUCCEEDED");
        CellView failed = runs.cell(run, 1);
        assertThat(failed.cause()).isEqualTo(Cause.YOURS);
        assertThat(failed.message()).isEqualTo("The word two is broken.");
        assertThat(failed.attempts()).hasSize(1);
    }

    @Test
    void finishesARunAfterTheFailedCellWasRetriedAndKeepsBothAttempts() {
        RecordedStep.BROKEN.add("two");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "two", false, 0)
                .cell("c", "light", "three", false, 1)
                .plan());
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        RecordedStep.BROKEN.clear();
        runs.retry(run, 1, "test");
        await().atMost(Duration.ofSeconds(30)).until(() -> runs.run(run).state() == RunState.SUCCEEDED);
        assertThat(runs.cell(run, 1).attempts())
                .extracting(CellView.AttemptView::state)
                .containsExactly(CellState.FAILED, CellState.SUCCEEDED);
        assertThat(runs.log(run, 1, 1, 0, 10)).isNotEmpty();
    }

    @Test
    void refusesToRetryACellThatSucceeded() {
        long run = submit(new Plans().cell("a", "light", "one", false).plan());
        ended(run);
        assertThatThrownBy(() -> runs.retry(run, 0, "test"))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("a[n=0] is SUCCEEDED");
    }

    @Test
    void runsACellAndWhatNeedsItAgain() {
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "two", false, 0)
                .plan());
        ended(run);
        runs.rerun(run, 0, "test");
        await().atMost(Duration.ofSeconds(30)).until(() -> runs.run(run).state() == RunState.SUCCEEDED);
        assertThat(runs.cell(run, 0).attempt()).isEqualTo(2);
        assertThat(runs.cell(run, 1).attempt()).isEqualTo(2);
    }

    @Test
    void cancelsARunningCellAndWhatWaits() {
        long run = submit(new Plans()
                .cell("a", "device", "sleep", false)
                .cell("b", "light", "two", false, 0)
                .plan());
        await().atMost(Duration.ofSeconds(30)).until(() -> states(run).get(0).equals("RUNNING"));
        runs.cancel(run, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.CANCELLED);
        assertThat(states(run)).containsExactly("CANCELLED", "CANCELLED");
    }

    @Test
    void keepsABugWithItsTrace() {
        long run = submit(new Plans().cell("a", "light", "bug", false).plan());
        ended(run);
        CellView.AttemptView attempt = runs.cell(run, 0).attempts().get(0);
        assertThat(attempt.cause()).isEqualTo(Cause.OURS);
        assertThat(attempt.trace()).contains("IllegalStateException: a bug");
    }

    @Test
    void refusesTheWriteOfAnAttemptThatIsNoLongerCurrent() {
        long run = submit(new Plans().cell("a", "light", "one", false).plan());
        ended(run);
        Ending ending = new Ending(Clock.systemUTC());
        Ending.Outcome late = new Ending.Outcome(CellState.FAILED, Cause.OURS, "late", null, null, null);
        assertThat(ending.finish(new CellRequest(run, 0, 1), late)).isFalse();
        assertThat(ending.start(new CellRequest(run, 0, 1), "other")).isFalse();
        assertThat(states(run)).containsExactly("SUCCEEDED");
    }

    @Test
    void runsTheCellsOfALostWorkerAgain() {
        long run = submit(new Plans().cell("a", "device", "sleep", false).plan());
        await().atMost(Duration.ofSeconds(30)).until(() -> states(run).get(0).equals("RUNNING"));
        new Ending(Clock.systemUTC())
                .finish(
                        new CellRequest(run, 0, 1),
                        new Ending.Outcome(CellState.FAILED, Cause.INFRA, "lost", null, null, null));
        await().atMost(Duration.ofSeconds(30)).until(() -> runs.cell(run, 0).attempt() == 2);
        assertThat(runs.cell(run, 0).attempts().get(0).cause()).isEqualTo(Cause.INFRA);
        runs.cancel(run, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void returnsTheFirstRunForTheSameIdempotencyKey() {
        Plan plan = new Plans().cell("a", "light", "one", false).plan();
        long first = runs.submit(plan, "yaml", "test", "key-" + identity.boot());
        assertThat(runs.submit(plan, "yaml", "test", "key-" + identity.boot())).isEqualTo(first);
    }

    @Test
    void leavesNothingOfASubmissionThatFails() {
        long before = Tx.call(() -> RunRow.count());
        Plan plan = new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "no-such-kind", "two", false)
                .plan();
        assertThatThrownBy(() -> submit(plan)).hasMessageContaining("no-such-kind");
        assertThat(Tx.<Long>call(() -> RunRow.count())).isEqualTo(before);
    }

    @Test
    void keepsToTheLimitOfAStep() {
        RecordedStep.MOST.set(0);
        Plans plans = new Plans();
        for (int i = 0; i < 6; i++) {
            plans.cell("a", "light", "word" + i, false);
        }
        long run = submit(plans.plan(Map.of("a", 1)));
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(RecordedStep.MOST).hasValue(1);
    }

    @Test
    void countsAsItsCellsSayAfterHundredsOfThem() {
        RecordedStep.BROKEN.add("word7");
        Plans plans = new Plans();
        Integer[] all = new Integer[300];
        for (int i = 0; i < 300; i++) {
            plans.cell("a", "light", "word" + i % 50, false);
            all[i] = i;
        }
        long run = submit(plans.cell("b", "light", "end", true, all).plan());
        RunView view = ended(run);
        assertThat(view.state()).isEqualTo(RunState.FAILED);
        RunRow row = Tx.call(() -> RunRow.findById(run));
        Map<String, Long> counted = states(run).stream().collect(Collectors.groupingBy(s -> s, Collectors.counting()));
        assertThat(Map.of("SUCCEEDED", (long) row.succeeded, "FAILED", (long) row.failed))
                .isEqualTo(counted);
        assertThat(row.failed).isEqualTo(6);
    }

    @Test
    void namesARunThatIsNotThere() {
        assertThatThrownBy(() -> runs.run(999_999))
                .isInstanceOf(Runs.UnknownRun.class)
                .hasMessage("There is no run 999999.");
    }

    private long submit(Plan plan) {
        return runs.submit(plan, "yaml", "test", null);
    }

    private RunView ended(long run) {
        await().atMost(Duration.ofSeconds(90)).until(() -> runs.run(run).state().ended());
        return runs.run(run);
    }

    private List<String> states(long run) {
        return runs.cells(run, null, null, null, null, 10_000).stream()
                .map(cell -> cell.state().name())
                .toList();
    }
}
