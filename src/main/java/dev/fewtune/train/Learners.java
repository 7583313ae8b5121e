package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.tensorflow.types.TFloat32;

/**
 * Lends learners. The one that came back last is kept for some seconds: the next seed of the same method has the same
 * graph, and needs only its variables set anew, which saves the seconds that building and optimizing a graph take.
 */
final class Learners {
    private static final int KEEP_SECONDS = 20;
    private final Executor later = CompletableFuture.delayedExecutor(KEEP_SECONDS, TimeUnit.SECONDS);
    private Idle idle;

    /**
     * All that a graph depends on.
     *
     * @param backbone the same object for the same weights
     * @param optimizing null where nothing is to be learned
     */
    record Plan(Backbone backbone, Method method, Settings settings, Model.Task task, Optimizing optimizing) {}

    private record Idle(Plan plan, Learner<TFloat32> learner) {}

    /** A learner for one training or one prediction; whoever ends well gives it back before closing. */
    final class Loan implements AutoCloseable {
        private final Plan plan;
        private final Learner<TFloat32> learner;
        private boolean sound;

        private Loan(Plan plan, Learner<TFloat32> learner) {
            this.plan = plan;
            this.learner = learner;
        }

        Learner<TFloat32> learner() {
            return learner;
        }

        /** Says that nothing went wrong in its session. */
        void sound() {
            sound = true;
        }

        @Override
        public void close() {
            if (sound) {
                keep(new Idle(plan, learner));
            } else {
                learner.close();
            }
        }
    }

    /** With all variables at their first values for a seed. */
    Loan lend(Plan plan, Function<Plan, Weights> weights, long seed) {
        Idle found = take();
        if (found != null && found.plan().equals(plan)) {
            try {
                found.learner().start(seed);
            } catch (RuntimeException | Error e) {
                found.learner().close();
                throw e;
            }
            return new Loan(plan, found.learner());
        }
        if (found != null) {
            // Before the next one takes its memory.
            found.learner().close();
        }
        return new Loan(
                plan,
                new Learner<>(
                        TFloat32.class,
                        plan.backbone(),
                        plan.method(),
                        plan.settings(),
                        plan.task(),
                        plan.optimizing(),
                        weights.apply(plan),
                        seed));
    }

    private synchronized Idle take() {
        Idle found = idle;
        idle = null;
        return found;
    }

    private void keep(Idle back) {
        Idle before;
        synchronized (this) {
            before = idle;
            idle = back;
        }
        if (before != null) {
            before.learner().close();
        }
        later.execute(() -> forget(back));
    }

    private void forget(Idle old) {
        synchronized (this) {
            if (idle != old) {
                return;
            }
            idle = null;
        }
        old.learner().close();
    }
}
