package dev.fewtune.queue;

import dev.fewtune.run.CellRequest;
import dev.fewtune.run.Hands;
import dev.fewtune.spec.Pool;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;
import org.jobrunr.server.JobActivator;

/** JobRunr as the carrier of attempts: one queue per pool. */
public final class JobQueue implements Hands {
    private final Map<Pool, JobPool> pools = new EnumMap<>(Pool.class);

    /**
     * @param handler gives the one handler of jobs, when the first job comes
     * @param slots worker threads per pool; 0 where this process runs no cells
     */
    public JobQueue(DataSource source, Supplier<CellJobHandler> handler, ToIntFunction<Pool> slots, String name) {
        JobActivator activator = new JobActivator() {
            @Override
            public <T> T activateJob(Class<T> type) {
                return type.cast(handler.get());
            }
        };
        for (Pool pool : Pool.values()) {
            pools.put(pool, new JobPool(pool, source, activator, slots.applyAsInt(pool), name));
        }
    }

    public void start() {
        pools.values().forEach(JobPool::start);
    }

    public void stop() {
        pools.values().forEach(JobPool::stop);
    }

    /** Called every tenth of a second. */
    public void wake() {
        pools.values().forEach(JobPool::wake);
    }

    /** Called every few seconds. */
    public void watch() {
        pools.values().forEach(JobPool::watch);
    }

    @Override
    public void enqueue(Pool pool, CellRequest request, UUID job) {
        pools.get(pool).enqueue(job, new CellJob(request.run(), request.ordinal(), request.attempt()));
    }

    @Override
    public boolean alive(Pool pool, UUID job) {
        return pools.get(pool).alive(job);
    }

    @Override
    public void wake(Pool pool) {
        pools.get(pool).wake();
    }
}
