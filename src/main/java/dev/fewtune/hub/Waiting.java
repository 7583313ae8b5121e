package dev.fewtune.hub;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.time.Duration;

/** Pauses that can be cancelled. */
final class Waiting {
    static final Duration TICK = Duration.ofMillis(100);

    private Waiting() {}

    /**
     * @throws dev.fewtune.spec.CancelledException where progress says so
     * @throws CellFailure with cause INFRA where the thread is to stop
     */
    static void pause(Duration length, Progress progress) {
        long end = System.nanoTime() + length.toNanos();
        while (true) {
            progress.check();
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            try {
                Thread.sleep(Math.min(left, TICK.toNanos()) / 1_000_000, 1);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    static CellFailure interrupted(Exception cause) {
        Thread.currentThread().interrupt();
        return new CellFailure(Cause.INFRA, "The worker stopped while it fetched a model.", cause);
    }
}
