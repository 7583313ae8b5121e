package dev.fewtune.run;

import dev.fewtune.spec.Pool;
import java.util.UUID;

/** The queue that carries attempts to workers. */
public interface Hands {
    /** Puts an attempt into the queue, as part of the running transaction. */
    void enqueue(Pool pool, CellRequest request, UUID job);

    /** Whether a job may still be carried out. */
    boolean alive(Pool pool, UUID job);

    /** Wakes this process's workers, after a commit. */
    void wake(Pool pool);
}
