package dev.fewtune.wiring;

import dev.fewtune.queue.JobQueue;
import dev.fewtune.run.HomeLock;
import dev.fewtune.run.RunRoom;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/** Starts the queue, keeps it awake, and ends it. */
@Singleton
public class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final int WAKE_MILLIS = 100;
    private static final int MOST_WAIT_SECONDS = 10;
    private final FewtuneConfig config;
    private final HomeLock lock;
    private final RunRoom room;
    private final JobQueue queue;
    /** Quarkus' own scheduler beats once a second at most. */
    private final ScheduledExecutorService rhythm = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "queue-rhythm");
        thread.setDaemon(true);
        return thread;
    });

    /** Held while a beat runs; taken whole to wait for those that do. */
    private final ReadWriteLock beats = new ReentrantReadWriteLock();

    private volatile boolean up;

    Lifecycle(FewtuneConfig config, HomeLock lock, RunRoom room, JobQueue queue) {
        this.config = config;
        this.lock = lock;
        this.room = room;
        this.queue = queue;
    }

    void start(@Observes StartupEvent event) {
        if (works()) {
            room.leases().enter();
        }
        queue.start();
        up = true;
        if (works()) {
            rhythm.scheduleWithFixedDelay(() -> beat(queue::wake), WAKE_MILLIS, WAKE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) throws IOException, InterruptedException {
        up = false;
        rhythm.shutdownNow();
        awaitBeats();
        if (works()) {
            quietly(room.leases()::leave);
        }
        queue.stop();
        lock.close();
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    void handOver() {
        beat(room.handOver());
    }

    @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    void watch() {
        if (works()) {
            beat(room.leases()::beat);
        }
        beat(room.leases()::observe);
        beat(room.reconcile());
        beat(queue::watch);
    }

    @Scheduled(every = "1h", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    void tidy() {
        if (up) {
            quietly(room.tidy());
        }
    }

    private boolean works() {
        return config.role() != FewtuneConfig.Role.WEB;
    }

    private void beat(Runnable work) {
        if (!beats.readLock().tryLock()) {
            return;
        }
        try {
            if (up) {
                quietly(work);
            }
        } finally {
            beats.readLock().unlock();
        }
    }

    /** A beat that outlives the database pool would fail loudly; one that hangs must not keep the process. */
    private void awaitBeats() throws InterruptedException {
        if (beats.writeLock().tryLock(MOST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            beats.writeLock().unlock();
        }
    }

    /** A database outage must not end the rhythm; the next beat tries again. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failed) {
            LOG.warnf("Will try again: %s", failed.getMessage());
        }
    }
}
