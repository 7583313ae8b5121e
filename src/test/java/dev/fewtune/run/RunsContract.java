package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import dev.fewtune.workflow.Plan;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What runs promise, on every database. */
abstract class RunsContract extends RunsFixture {
    @Inject
    Changes changes;

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
    void keepsABugWithItsTrace() {
        long run = submit(new Plans().cell("a", "light", "bug", false).plan());
        ended(run);
        CellView.AttemptView attempt = runs.cell(run, 0).attempts().get(0);
        assertThat(attempt.cause()).isEqualTo(Cause.OURS);
        assertThat(attempt.trace()).contains("IllegalStateException: a bug");
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

    @Test
    void startsCellsOfHigherPriorityFirst() {
        blockDevice();
        long run = submit(new Plans()
                .cell("b", "device", "low", false)
                .cell("b", "device", "low", false)
                .priority(5)
                .cell("c", "device", "middle", false)
                .priority(9)
                .cell("d", "device", "high", false)
                .plan());
        RecordedStep.HELD.clear();
        ended(run);
        List<AttemptRow> started = Tx.call(
                () -> AttemptRow.list("cellId between ?1 and ?2 order by id", CellRow.id(run, 0), CellRow.id(run, 3)));
        assertThat(started)
                .extracting(attempt -> attempt.cellId - CellRow.id(run, 0))
                .containsExactly(3L, 2L, 0L, 1L);
    }

    @Test
    void makesOneRunOfTwoSubmissionsAtOnceWithTheSameKey() throws Exception {
        Plan plan = new Plans().cell("a", "light", "one", false).plan();
        ExecutorService two = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 5; i++) {
            String key = "race-" + i + identity.boot();
            CyclicBarrier start = new CyclicBarrier(2);
            Callable<Long> submission = () -> {
                start.await();
                return runs.submit(plan, "yaml", "test", key);
            };
            Future<Long> one = two.submit(submission);
            assertThat(two.submit(submission).get()).isEqualTo(one.get());
        }
        two.shutdown();
    }

    @Test
    void tellsListenersWhenARunChanges() throws Exception {
        AtomicLong told = new AtomicLong();
        try (AutoCloseable listening = changes.listen(told::set)) {
            long run = submit(new Plans().cell("a", "light", "one", false).plan());
            ended(run);
            assertThat(told).hasValue(run);
        }
    }
}
