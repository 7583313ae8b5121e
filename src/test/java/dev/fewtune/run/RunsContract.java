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
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    @Test
    void tellsKeysApartByTheCaseOfTheirLetters() {
        Plan plan = new Plans()
                .key("a[method=LoRA]")
                .cell("a", "light", "one", false)
                .key("a[method=lora]")
                .cell("a", "light", "two", false)
                .name("Case-" + identity.boot())
                .plan();
        long first = runs.submit(plan, "yaml", "test", "K-" + identity.boot());
        assertThat(runs.submit(plan, "yaml", "test", "k-" + identity.boot())).isNotEqualTo(first);
        assertThat(runs.cells(first, null, null, "a[method=lora]", null, 10))
                .extracting(CellView::ordinal)
                .containsExactly(1);
        assertThat(runs.list(null, "case-" + identity.boot(), null, 10)).isEmpty();
    }

    @Test
    void keepsEveryScriptOfTheWorld() {
        String world = "漢字かな 한글 Ελλάδα 😀🧪";
        RecordedStep.BROKEN.add(world);
        Plan plan = new Plans()
                .name("名前😀")
                .description(world)
                .inputs(Map.of("質問", world))
                .key("a[x=" + world + "]")
                .cell("a", "light", world, false)
                .key("a[x=score😀]")
                .cell("a", "light", "score😀", false)
                .plan();
        long run = runs.submit(plan, "name: " + world, world, "鍵😀" + identity.boot());
        assertThat(ended(run).description()).isEqualTo(world);
        assertThat(runs.run(run).workflow()).isEqualTo("名前😀");
        assertThat(runs.run(run).createdBy()).isEqualTo(world);
        assertThat(runs.yaml(run)).isEqualTo("name: " + world);
        assertThat(runs.plan(run)).isEqualTo(plan);
        CellView cell = runs.cell(run, 0);
        assertThat(cell.key()).isEqualTo("a[x=" + world + "]");
        assertThat(cell.message()).isEqualTo("The word %s is broken.", world);
        assertThat(cell.attempts().get(0).trace()).contains(world);
        assertThat(runs.log(run, 0, 1, 0, 1)).extracting(Runs.LogLine::text).containsExactly("word " + world);
    }

    @Test
    void keepsInstantsToTheMicrosecond() {
        Instant exact = Instant.parse("2026-02-03T04:05:06.123457Z");
        String id = UUID.randomUUID().toString();
        Tx.run(() -> {
            WorkerRow row = new WorkerRow();
            row.id = id;
            row.boot = id;
            row.startedAt = exact;
            row.persist();
        });
        assertThat(Tx.<WorkerRow>call(() -> WorkerRow.findById(id)).startedAt).isEqualTo(exact);
        Tx.run(() -> WorkerRow.deleteById(id));
    }

    @Test
    void endsACellWhateverItsStepThrows() {
        long run = submit(new Plans()
                .cell("a", "light", "link", false)
                .cell("a", "light", "class", false)
                .cell("a", "light", "deep", false)
                .cell("a", "light", "memory", false)
                .plan());
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(runs.cells(run, null, null, null, null, 10))
                .extracting(CellView::cause)
                .containsExactly(Cause.OURS, Cause.OURS, Cause.OURS, Cause.RESOURCE);
        assertThat(runs.cell(run, 0).message()).contains("UnsatisfiedLinkError: no native library");
        assertThat(runs.cell(run, 2).attempts()).hasSize(1).first().satisfies(attempt -> assertThat(attempt.trace())
                .contains("StackOverflowError", "RecordedStep.deeper"));
    }

    @Test
    void letsOtherStepsStartWhileHundredsWaitForTheLimitOfTheirOwn() {
        RecordedStep.HELD.add("held");
        Plans plans = new Plans().cell("a", "light", "held", false);
        for (int i = 1; i <= 600; i++) {
            plans.cell("a", "light", "word", false);
        }
        long run = submit(plans.cell("b", "light", "other", false).plan(Map.of("a", 1)));
        running(run, 0, 1);
        await().atMost(Duration.ofSeconds(60)).until(() -> runs.cell(run, 601).state() == CellState.SUCCEEDED);
        runs.cancel(run, "test");
        ended(run);
    }

    @Test
    void refusesAnIdempotencyKeyThatBelongsToAnotherRequest() {
        String key = "other-" + identity.boot();
        Plans plans = new Plans().cell("a", "light", "one", false);
        long first = runs.submit(plans.inputs(Map.of("n", 1)).plan(), "yaml", "test", key);
        assertThat(runs.submit(plans.inputs(Map.of("n", 1)).plan(), "yaml", "test", key))
                .isEqualTo(first);
        assertThatThrownBy(() -> runs.submit(plans.inputs(Map.of("n", 2)).plan(), "yaml", "test", key))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessage(
                        "The idempotency key %s belongs to run %d, which has other inputs. Maybe send a new key.",
                        key, first);
        assertThatThrownBy(() -> runs.submit(plans.inputs(Map.of("n", 1)).plan(), "other", "test", key))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("which has another workflow");
    }

    @Test
    void refusesWhatIsTooLongToBeKept() {
        long before = Tx.call(() -> RunRow.count());
        String longest = "x".repeat(200);
        Plans plans = new Plans().cell("a", "light", "one", false);
        assertThatThrownBy(() -> runs.submit(plans.plan(), "yaml", "test", longest + "x"))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("idempotency key")
                .hasMessageContaining("201 characters; at most 200");
        assertThatThrownBy(() -> submit(plans.name(longest + "x").plan()))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("name of the workflow");
        assertThatThrownBy(() ->
                        submit(plans.name("test").description("x".repeat(2001)).plan()))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("description");
        assertThatThrownBy(() -> submit(
                        new Plans().cell("s".repeat(101), "light", "one", false).plan()))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("name of a step");
        assertThat(Tx.<Long>call(() -> RunRow.count())).isEqualTo(before);
        long run = runs.submit(plans.name(longest).description("A test.").plan(), "yaml", longest + "x", null);
        assertThat(runs.run(run).createdBy()).isEqualTo(longest);
    }

    @Test
    void refusesTwoCellsOfTheSameKey() {
        Plan plan = new Plans()
                .key("a[x=1]")
                .cell("a", "light", "one", false)
                .key("a[x=1]")
                .cell("a", "light", "two", false)
                .plan();
        assertThatThrownBy(() -> submit(plan))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("Two cells have the key a[x=1]");
    }

    @Test
    void refusesMoreCellsThanARunMayHave() {
        Plan one = new Plans().cell("a", "light", "one", false).plan();
        Plan many = new Plan(
                one.version(),
                one.name(),
                one.description(),
                one.inputs(),
                one.tasks(),
                one.steps(),
                one.maxParallel(),
                Collections.nCopies(1_000_001, one.cells().get(0)));
        assertThatThrownBy(() -> submit(many))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("1,000,001 cells; at most 1,000,000");
    }
}
