package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import dev.fewtune.workflow.Plan;
import java.time.Duration;
import java.util.List;
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
        await().atMost(Duration.ofSeconds(60)).until(() -> runs.run(run).state() == RunState.SUCCEEDED);
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
        await().atMost(Duration.ofSeconds(60)).until(() -> runs.run(run).state() == RunState.SUCCEEDED);
        assertThat(runs.cell(run, 0).attempt()).isEqualTo(2);
        assertThat(runs.cell(run, 1).attempt()).isEqualTo(2);
    }

    @Test
    void cancelsARunningCellAndWhatWaits() {
        long run = submit(new Plans()
                .cell("a", "device", "sleep", false)
                .cell("b", "light", "two", false, 0)
                .plan());
        await().atMost(Duration.ofSeconds(60)).until(() -> states(run).get(0).equals("RUNNING"));
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
        await().atMost(Duration.ofSeconds(60)).until(() -> states(run).get(0).equals("FAILED"));
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

    @Test
    void skipsAJoinAgainWhoseOtherNeedStaysFailed() {
        RecordedStep.BROKEN.addAll(List.of("two", "three"));
        long run = submit(join(false));
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        RecordedStep.BROKEN.remove("two");
        runs.retry(run, 0, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(states(run)).containsExactly("SUCCEEDED", "FAILED", "SKIPPED", "SKIPPED");
        assertThat(runs.cell(run, 2).message()).isEqualTo("a[n=1] ended as FAILED.");
        countersAgree(run);
        RecordedStep.BROKEN.clear();
        runs.retry(run, 1, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        countersAgree(run);
    }

    @Test
    void runsAJoinThatAllowsFailuresAgainWithTheRetriedCell() throws Exception {
        RecordedStep.BROKEN.addAll(List.of("two", "three"));
        long run = submit(join(true));
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        RecordedStep.BROKEN.remove("two");
        runs.retry(run, 0, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(states(run)).containsExactly("SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED");
        assertThat(runs.artifact(run, 3, "word.txt").orElseThrow()).hasContent("two four five");
        assertThat(runs.cell(run, 2).attempts()).hasSize(2);
        countersAgree(run);
    }

    @Test
    void pullsInTheCancelledCellsAboveARetriedOneAndLeavesItsSiblings() {
        RecordedStep.HELD.add("one");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "two", false, 0)
                .cell("c", "light", "three", false, 1)
                .cell("d", "light", "four", false)
                .cell("e", "light", "five", false, 0, 3)
                .plan());
        running(run, 0, 1);
        await().atMost(Duration.ofSeconds(60)).until(() -> states(run).get(3).equals("SUCCEEDED"));
        runs.cancel(run, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.CANCELLED);
        RecordedStep.HELD.clear();
        runs.retry(run, 2, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(runs.cell(run, 3).attempts()).hasSize(1);
        countersAgree(run);
    }

    @Test
    void pullsInTheFailedCellAboveASkippedOne() {
        for (boolean rerun : new boolean[] {true, false}) {
            RecordedStep.BROKEN.add("one");
            long run = submit(new Plans()
                    .cell("a", "light", "one", false)
                    .cell("b", "light", "two", false, 0)
                    .cell("c", "light", "three", false, 1)
                    .plan());
            assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
            RecordedStep.BROKEN.clear();
            if (rerun) {
                runs.rerun(run, 2, "test");
            } else {
                runs.retry(run, 2, "test");
            }
            assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
            countersAgree(run);
        }
    }

    @Test
    void takesAReadyCellBackWhoseNeedRunsAgain() {
        blockDevice();
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "device", "two", false, 0)
                .plan());
        await().atMost(Duration.ofSeconds(60)).until(() -> states(run).equals(List.of("SUCCEEDED", "READY")));
        RecordedStep.HELD.add("one");
        runs.rerun(run, 0, "test");
        running(run, 0, 2);
        assertThat(states(run)).containsExactly("RUNNING", "WAITING");
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(runs.artifact(run, 1, "word.txt").orElseThrow()).hasContent("one two");
        assertThat(runs.cell(run, 1).attempts()).hasSize(1);
        countersAgree(run);
    }

    @Test
    void givesUpARunningCellWhoseNeedIsRetriedAndStartsItAfresh() {
        RecordedStep.BROKEN.add("one");
        RecordedStep.HELD.add("board");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "board", true, 0)
                .plan());
        running(run, 1, 1);
        RecordedStep.BROKEN.clear();
        runs.retry(run, 0, "test");
        running(run, 1, 2);
        assertThat(ending.finish(new CellRequest(run, 1, 1), failure(Cause.YOURS, "late")))
                .isFalse();
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(runs.artifact(run, 1, "word.txt").orElseThrow()).hasContent("one board");
        assertThat(runs.artifact(run, 1, "attempts").orElseThrow()).hasContent("+");
        assertThat(runs.cell(run, 1).attempts())
                .extracting(CellView.AttemptView::state)
                .containsExactly(CellState.CANCELLED, CellState.SUCCEEDED);
        assertThat(runs.cell(run, 1).attempts().get(0).endedAt()).isNotNull();
        countersAgree(run);
    }

    @Test
    void leavesNoAttemptOpenHoweverStartsAndRerunsMeet() {
        Plans plans = new Plans().cell("a", "light", "one", false);
        for (int i = 1; i <= 12; i++) {
            plans.cell("b", "light", "two", false, 0);
        }
        for (int i = 0; i < 10; i++) {
            long run = submit(plans.plan());
            for (int reruns = 0; reruns < 5; reruns++) {
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> states(run).get(0).equals("SUCCEEDED"));
                runs.rerun(run, 0, "test");
            }
            assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
            List<AttemptRow> open = Tx.call(() -> AttemptRow.list(
                    "endedAt is null and cellId between ?1 and ?2", CellRow.id(run, 0), CellRow.id(run, 12)));
            assertThat(open).isEmpty();
            countersAgree(run);
        }
    }

    @Test
    void countsOnlyTheScoresOfCellsThatStand() {
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "score", false, 0)
                .plan());
        ended(run);
        runs.rerun(run, 0, "test");
        ended(run);
        assertThat(runs.scores(run)).containsExactly("{\"attempt\": 2}");
        RecordedStep.BROKEN.add("one");
        runs.rerun(run, 0, "test");
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(runs.scores(run)).isEmpty();
    }

    @Test
    void tellsWhoAskedForWhat() {
        RecordedStep.BROKEN.add("one");
        long run = submit(new Plans().cell("a", "light", "one", false).plan());
        ended(run);
        runs.retry(run, 0, "Ann");
        ended(run);
        runs.retryFailed(run, "Bob");
        ended(run);
        runs.rerun(run, 0, null);
        ended(run);
        runs.cancel(run, "北");
        assertThat(runs.acts(run))
                .extracting(Runs.Act::verb, Runs.Act::ordinal, Runs.Act::by)
                .containsExactly(
                        tuple("retry", 0, "Ann"),
                        tuple("retry", null, "Bob"),
                        tuple("rerun", 0, ""),
                        tuple("cancel", null, "北"));
        assertThatThrownBy(() -> runs.retry(run, 7, "Ann")).isInstanceOf(Runs.UnknownRun.class);
        assertThat(runs.acts(run)).hasSize(4);
    }

    @Test
    void takesTenThousandCellsThroughFailureRetryAndCancel() {
        RecordedStep.BROKEN.add("one");
        Plans plans = new Plans().cell("a", "light", "one", false);
        for (int i = 1; i < 10_000; i++) {
            plans.cell("b", "light", "two", false, 0);
        }
        long run = submit(plans.plan());
        assertThat(ended(run).counts()).containsEntry(CellState.FAILED, 1).containsEntry(CellState.SKIPPED, 9_999);
        RecordedStep.BROKEN.clear();
        RecordedStep.HELD.add("one");
        assertThat(runs.retryFailed(run, "test")).isEqualTo(10_000);
        running(run, 0, 2);
        countersAgree(run);
        runs.cancel(run, "test");
        assertThat(ended(run).counts()).containsEntry(CellState.CANCELLED, 10_000);
        countersAgree(run);
    }

    /** Two cells, a join that may allow failures, and one cell more. */
    private static Plan join(boolean allowFailed) {
        return new Plans()
                .cell("a", "light", "two", false)
                .cell("a", "light", "three", false)
                .cell("b", "light", "four", allowFailed, 0, 1)
                .cell("c", "light", "five", false, 2)
                .plan();
    }
}
