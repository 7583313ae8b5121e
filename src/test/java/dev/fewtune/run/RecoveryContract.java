package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewtune.db.Tx;
import dev.fewtune.queue.JobQueue;
import dev.fewtune.spec.Cause;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What becomes of attempts when workers, jobs and clocks fail, on every database. */
abstract class RecoveryContract extends RunsFixture {
    @Inject
    JobQueue hands;

    @Inject
    DataSource source;

    @Test
    void refusesALateFinishOfAnOldAttempt() {
        long run = held("late");
        assertThat(ending.finish(new CellRequest(run, 0, 1), failure(Cause.INFRA, "lost")))
                .isTrue();
        running(run, 0, 2);
        assertThat(ending.finish(new CellRequest(run, 0, 1), failure(Cause.YOURS, "late")))
                .isFalse();
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(causes(run)).containsExactly(Cause.INFRA, null);
        countersAgree(run);
    }

    @Test
    void takesNoJobForWhichNoThreadIsFreeHoweverOftenItLooks() throws Exception {
        ExecutorService lookers = Executors.newFixedThreadPool(4);
        RecordedStep.HELD.add("one at a time");
        Plans plan = new Plans();
        for (int i = 0; i < 8; i++) {
            plan.cell("a", "device", "one at a time", false);
        }
        long run = submit(plan.plan());
        List<Future<Integer>> most = Stream.generate(() -> lookers.submit(() -> {
                    int seen = 0;
                    for (int i = 0; i < 100; i++) {
                        hands.wake();
                        seen = Math.max(seen, taken());
                        if (i % 10 == 0) {
                            RecordedStep.HELD.clear();
                            Thread.sleep(2);
                            RecordedStep.HELD.add("one at a time");
                        }
                    }
                    return seen;
                }))
                .limit(4)
                .toList();
        for (Future<Integer> seen : most) {
            assertThat(seen.get()).isBetween(0, 1);
        }
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        lookers.shutdown();
    }

    /** Jobs of the device pool that JobRunr has given to its threads; there is one thread. */
    private int taken() throws Exception {
        try (var connection = source.getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from device_jobrunr_jobs where state = 'PROCESSING'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void startsAnAttemptOnlyOnce() {
        long run = held("once");
        assertThat(ending.start(new CellRequest(run, 0, 1), "other")).isEmpty();
        assertThat(ending.start(new CellRequest(run, 0, 2), "other")).isEmpty();
    }

    @Test
    void countsBothOfTwoCellsThatEndTogetherTowardsAJoin() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        Ending.Outcome success = new Ending.Outcome(CellState.SUCCEEDED, null, null, null, null, null);
        for (int i = 0; i < 5; i++) {
            RecordedStep.HELD.add("together");
            long run = submit(new Plans()
                    .cell("a", "light", "together", false)
                    .cell("a", "light", "together", false)
                    .cell("b", "light", "join", false, 0, 1)
                    .plan());
            running(run, 0, 1);
            running(run, 1, 1);
            CyclicBarrier start = new CyclicBarrier(2);
            List<Future<Boolean>> ends = Stream.of(0, 1)
                    .map(cell -> two.submit(() -> {
                        start.await();
                        return ending.finish(new CellRequest(run, cell, 1), success);
                    }))
                    .toList();
            assertThat(ends.get(0).get()).isTrue();
            assertThat(ends.get(1).get()).isTrue();
            RecordedStep.HELD.clear();
            assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
            countersAgree(run);
        }
        two.shutdown();
    }

    @Test
    void runsTheCellsOfASilentWorkerAgain() {
        String boot = worker(UUID.randomUUID().toString());
        long run = orphan("silent", boot);
        AtomicLong nanos = new AtomicLong();
        Leases leases = leases(identity, nanos);
        leases.observe();
        nanos.addAndGet(Leases.SILENT_NANOS - 1);
        leases.observe();
        assertThat(runs.cell(run, 0).attempts()).hasSize(1);
        keepsBeating(identity.worker());
        nanos.addAndGet(1);
        leases.observe();
        runsAgain(run);
    }

    @Test
    void runsTheCellsOfAnEarlierBootOfTheSameHomeAgainAtOnce() {
        String home = UUID.randomUUID().toString();
        long run = orphan("boot", worker(home));
        Leases next = leases(new Identity(home, "next-" + home), new AtomicLong());
        next.enter();
        next.leave();
        runsAgain(run);
    }

    @Test
    void runsTheCellsOfAWorkerThatLeftAgain() {
        long run = orphan("left", worker(UUID.randomUUID().toString()));
        String boot = row(run, 0).worker;
        Tx.run(() -> WorkerRow.delete("boot", boot));
        leases(identity, new AtomicLong()).observe();
        runsAgain(run);
    }

    @Test
    void runsACellAgainOfWhichItsOwnWorkerLostTrack() {
        long run = held("track");
        leases(identity, new AtomicLong(), request -> false).observe();
        runsAgain(run);
    }

    @Test
    void givesUpAfterFiveLostWorkers() {
        long run = held("lossy");
        for (int attempt = 1; attempt <= 6; attempt++) {
            running(run, 0, attempt);
            ending.finish(new CellRequest(run, 0, attempt), failure(Cause.INFRA, "lost"));
        }
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(runs.cell(run, 0).attempts()).hasSize(6);
    }

    @Test
    void triesAFailureInPassingTwiceAgain() {
        long run = submit(new Plans().cell("a", "light", "io", false).plan());
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(causes(run)).containsExactly(Cause.TRANSIENT, Cause.TRANSIENT, Cause.TRANSIENT);
    }

    @Test
    void waitsTwiceAsLongBeforeEachFurtherTry() {
        long run = submit(new Plans().cell("a", "light", "io", false).plan());
        ended(run);
        List<CellView.AttemptView> attempts = runs.cell(run, 0).attempts();
        assertThat(between(attempts.get(0), attempts.get(1))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(between(attempts.get(1), attempts.get(2))).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void neverTriesAgainWhatTheUserMustMend() {
        RecordedStep.BROKEN.add("two");
        long run = submit(new Plans().cell("a", "light", "two", false).plan());
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(causes(run)).containsExactly(Cause.YOURS);
    }

    @Test
    void namesAFullDiskAsTheCause() {
        long run = submit(new Plans().cell("a", "light", "full", false).plan());
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        assertThat(causes(run)).containsExactly(Cause.RESOURCE);
        assertThat(runs.cell(run, 0).message()).contains("No space left");
        assertThat(runs.cell(run, 0).files()).isEmpty();
    }

    @Test
    void handsOverAgainWhatLostItsJob() {
        blockDevice();
        long run = submit(new Plans().cell("a", "device", "second", false).plan());
        Instant longAgo = Instant.now().minusSeconds(60);
        Tx.run(() ->
                CellRow.update("handed = true, handing = 9, readyAt = ?1 where id = ?2", longAgo, CellRow.id(run, 0)));
        room.reconcile().run();
        await().atMost(Duration.ofSeconds(10)).until(() -> row(run, 0).handed && row(run, 0).handing == 10);
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
    }

    private void runsAgain(long run) {
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(causes(run)).containsExactly(Cause.INFRA, null);
        countersAgree(run);
    }

    private long held(String word) {
        RecordedStep.HELD.add(word);
        long run = submit(new Plans().cell("a", "light", word, false).plan());
        running(run, 0, 1);
        return run;
    }

    private List<Cause> causes(long run) {
        return runs.cell(run, 0).attempts().stream()
                .map(CellView.AttemptView::cause)
                .toList();
    }

    private static Duration between(CellView.AttemptView one, CellView.AttemptView next) {
        return Duration.between(one.endedAt(), next.startedAt());
    }

    private static CellRow row(long run, int ordinal) {
        return Tx.call(() -> CellRow.findById(CellRow.id(run, ordinal)));
    }

    /** A run whose only cell was started by a worker of which nothing is heard any more. */
    private long orphan(String word, String boot) {
        long run = held(word);
        Tx.run(() -> CellRow.update("worker = ?1 where runId = ?2", boot, run));
        return run;
    }

    private static String worker(String home) {
        Tx.run(() -> {
            WorkerRow row = new WorkerRow();
            row.id = home;
            row.boot = "gone-" + home;
            row.startedAt = Instant.now();
            row.persist();
        });
        return "gone-" + home;
    }

    private static void keepsBeating(String home) {
        Tx.run(() -> WorkerRow.update("beat = beat + 1 where id = ?1", home));
    }

    private Leases leases(Identity of, AtomicLong nanos) {
        return leases(of, nanos, request -> true);
    }

    private Leases leases(Identity of, AtomicLong nanos, Predicate<CellRequest> carried) {
        HandOver handOver = new HandOver(hands, Clock.systemUTC());
        return new Leases(of, 0, 0, ending, handOver, carried, Clock.systemUTC(), nanos::get);
    }
}
