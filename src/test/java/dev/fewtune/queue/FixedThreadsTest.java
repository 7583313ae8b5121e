package dev.fewtune.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jobrunr.server.strategy.WorkDistributionStrategy;
import org.jobrunr.server.threadpool.JobRunrExecutor;
import org.junit.jupiter.api.Test;

class FixedThreadsTest {
    private final AtomicInteger freed = new AtomicInteger();
    private final FixedThreads threads = new FixedThreads(2, freed::incrementAndGet);
    private final WorkDistributionStrategy strategy = threads.toWorkDistributionStrategy(null);

    @Test
    void countsAJobFromTheMomentItIsTakenUntilItsThreadIsFree() {
        JobRunrExecutor executor = threads.toJobRunrExecutor();
        executor.start();
        CountDownLatch end = new CountDownLatch(1);
        assertThat(free()).isEqualTo(2);
        executor.execute(() -> waitFor(end));
        // Whether its thread has begun by now or not.
        assertThat(free()).isEqualTo(1);
        executor.execute(() -> waitFor(end));
        assertThat(free()).isZero();
        end.countDown();
        await().until(() -> freed.get() == 2);
        assertThat(free()).isEqualTo(2);
        executor.stop(Duration.ofSeconds(1));
    }

    @Test
    void aJobThatFailsFreesItsThread() {
        JobRunrExecutor executor = threads.toJobRunrExecutor();
        executor.start();
        executor.execute(() -> {
            throw new IllegalStateException("as told");
        });
        await().until(() -> freed.get() == 1);
        assertThat(free()).isEqualTo(2);
        executor.stop(Duration.ofSeconds(1));
    }

    @Test
    void forgetsWhatAStoppedServerHadTaken() {
        JobRunrExecutor before = threads.toJobRunrExecutor();
        before.start();
        CountDownLatch never = new CountDownLatch(1);
        before.execute(() -> waitFor(never));
        before.stop(Duration.ZERO);
        threads.toJobRunrExecutor();
        assertThat(free()).isEqualTo(2);
        never.countDown();
    }

    private int free() {
        return strategy.getWorkPageRequest().getLimit();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
