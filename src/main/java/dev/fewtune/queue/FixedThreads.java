package dev.fewtune.queue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.configuration.BackgroundJobServerWorkerPolicy;
import org.jobrunr.server.strategy.WorkDistributionStrategy;
import org.jobrunr.server.threadpool.JobRunrExecutor;
import org.jobrunr.server.threadpool.PlatformThreadPoolJobRunrExecutor;
import org.jobrunr.storage.Paging.AmountBasedList;
import org.jobrunr.storage.navigation.AmountRequest;

/**
 * A fixed number of threads, and never more jobs than threads. JobRunr's own policy counts a job only when its thread
 * has begun, so two looks at the queue in quick succession take two jobs for one thread; the second waits without
 * a heartbeat, and is given up as an orphan after twenty seconds.
 */
final class FixedThreads implements BackgroundJobServerWorkerPolicy {
    private final int threads;
    private final Runnable freed;
    private volatile AtomicInteger taken = new AtomicInteger();

    /** @param freed called on the thread of a job that has ended, when its slot is free */
    FixedThreads(int threads, Runnable freed) {
        this.threads = threads;
        this.freed = freed;
    }

    @Override
    public WorkDistributionStrategy toWorkDistributionStrategy(BackgroundJobServer server) {
        return new WorkDistributionStrategy() {
            @Override
            public int getWorkerCount() {
                return threads;
            }

            @Override
            public AmountRequest getWorkPageRequest() {
                return AmountBasedList.ascOnUpdatedAt(threads - taken.get());
            }
        };
    }

    /** Called at each start of the server; jobs that an earlier executor dropped count no more. */
    @Override
    public JobRunrExecutor toJobRunrExecutor() {
        taken = new AtomicInteger();
        return new Counted(new PlatformThreadPoolJobRunrExecutor(threads), taken, freed);
    }

    /** Counts what it was given and has not ended yet. */
    private record Counted(JobRunrExecutor threads, AtomicInteger taken, Runnable freed) implements JobRunrExecutor {
        @Override
        public int getWorkerCount() {
            return threads.getWorkerCount();
        }

        @Override
        public void start() {
            threads.start();
        }

        @Override
        public void stop(Duration patience) {
            threads.stop(patience);
        }

        @Override
        public void execute(Runnable job) {
            taken.incrementAndGet();
            threads.execute(() -> {
                try {
                    job.run();
                } finally {
                    taken.decrementAndGet();
                    freed.run();
                }
            });
        }
    }
}
