package dev.fewtune.web;

import dev.fewtune.run.CellState;
import dev.fewtune.run.Tally;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.Pool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;

/** Cells, queues and ended attempts at /q/metrics; read from the database, so every process tells the same. */
@Singleton
public class Measures implements MeterBinder {
    private static final long FRESH_NANOS = 1_000_000_000L;
    private Tally tally;
    private long taken;

    @Override
    public void bindTo(MeterRegistry registry) {
        for (CellState state : CellState.values()) {
            Gauge.builder("fewtune.cells", this, all -> all.now().cells().getOrDefault(state, 0L))
                    .description("Cells of all runs by state")
                    .tag("state", word(state))
                    .register(registry);
        }
        for (Pool pool : Pool.values()) {
            Gauge.builder("fewtune.queue.depth", this, all -> all.now().queued().getOrDefault(pool, 0L))
                    .description("Ready cells that wait for a slot")
                    .tag("pool", word(pool))
                    .register(registry);
        }
        count(registry, Optional.empty());
        for (Cause cause : Cause.values()) {
            count(registry, Optional.of(cause));
        }
    }

    private void count(MeterRegistry registry, Optional<Cause> cause) {
        FunctionCounter.builder("fewtune.attempts.ended", this, all -> all.now()
                        .attempts()
                        .getOrDefault(cause, 0L))
                .description("Attempts that ended, by the cause of their failure")
                .tag("cause", cause.map(Measures::word).orElse("none"))
                .register(registry);
    }

    /** One reading serves all meters of a scrape. */
    private synchronized Tally now() {
        if (tally == null || System.nanoTime() - taken > FRESH_NANOS) {
            tally = Tally.take();
            taken = System.nanoTime();
        }
        return tally;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
