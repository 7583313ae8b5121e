package dev.fewtune.queue;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import dev.fewtune.spec.Pool;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jobrunr.jobs.Job;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.JobNotFoundException;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** One queue with tables of its own, and where this process works, its server. */
final class JobPool {
    private static final int POLL_SECONDS = 5;
    private final StorageProvider storage;
    private final JobRequestScheduler scheduler;
    private final BackgroundJobServer server;

    /** @param slots worker threads; 0 where this process only puts jobs in */
    JobPool(Pool pool, DataSource source, JobActivator activator, int slots, String name) {
        JacksonJsonMapper json = new JacksonJsonMapper();
        this.storage = SqlStorageProviderFactory.using(JtaDataSource.over(source), pool.label() + "_");
        this.storage.setJobMapper(new JobMapper(json));
        this.scheduler = new JobRequestScheduler(storage, List.of());
        this.server = slots == 0
                ? null
                : new BackgroundJobServer(
                        storage,
                        json,
                        activator,
                        usingStandardBackgroundJobServerConfiguration()
                                .andName(pool.label() + "@" + name)
                                .andPollIntervalInSeconds(POLL_SECONDS)
                                .andBackgroundJobServerWorkerPolicy(new FixedThreads(slots, this::wake))
                                // Whose attempt counts is decided by our tables, not by the state of a job.
                                .andConcurrentJobModificationPolicy(any -> modified -> {})
                                .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(5)));
    }

    void start() {
        if (server != null) {
            server.start();
        }
    }

    void stop() {
        if (server != null) {
            server.stop();
        }
        storage.close();
    }

    void enqueue(UUID id, CellJob job) {
        scheduler.enqueue(id, job);
    }

    boolean alive(UUID id) {
        try {
            Job job = storage.getJobById(id);
            return job.hasState(StateName.ENQUEUED)
                    || job.hasState(StateName.PROCESSING)
                    || job.hasState(StateName.SCHEDULED);
        } catch (JobNotFoundException gone) {
            return false;
        }
    }

    /** Makes the server look at the queue now: it polls no faster than every five seconds, and loses wake-ups. */
    void wake() {
        if (server != null && server.isRunning()) {
            server.getJobSteward().notifyThreadOccupied();
            server.getJobSteward().notifyThreadIdle();
        }
    }

    /** Starts the server again after a database outage, which stops it for good. */
    void watch() {
        if (server != null && !server.isRunning()) {
            storage.getJobStats();
            server.start();
        }
    }
}
