package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What cancel, retry and rerun promise, on every database. */
abstract class VerbsContract extends RunsFixture {
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
    void goesOnFromTheKeptFolderAfterARetryAndFromScratchAfterARerun() throws Exception {
        RecordedStep.BROKEN.add("two");
        long run = submit(new Plans().cell("a", "light", "two", false).plan());
        ended(run);
        RecordedStep.BROKEN.clear();
        runs.retry(run, 0, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(runs.artifact(run, 0, "attempts").orElseThrow()).hasContent("++");
        runs.rerun(run, 0, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(runs.artifact(run, 0, "attempts").orElseThrow()).hasContent("+");
        countersAgree(run);
    }

    @Test
    void retriesAllThatFailedWhileTheRunGoesOn() {
        RecordedStep.BROKEN.add("two");
        RecordedStep.HELD.add("three");
        long run = submit(new Plans()
                .cell("a", "light", "two", false)
                .cell("a", "light", "three", false)
                .cell("b", "light", "four", false, 0, 1)
                .plan());
        await().atMost(Duration.ofSeconds(20)).until(() -> states(run).get(0).equals("FAILED"));
        RecordedStep.BROKEN.clear();
        assertThat(runs.retryFailed(run, "test")).isEqualTo(2);
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        countersAgree(run);
    }

    @Test
    void runsWhatWasCancelledAfterARetry() {
        RecordedStep.HELD.add("one");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "two", false, 0)
                .plan());
        running(run, 0, 1);
        runs.cancel(run, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.CANCELLED);
        countersAgree(run);
        RecordedStep.HELD.clear();
        assertThat(runs.retryFailed(run, "test")).isEqualTo(2);
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        countersAgree(run);
    }
}
