package dev.fewtune.benchmark;

import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import dev.fewtune.testing.Plans;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Time from ready to started of cells that do next to nothing. Surefire does not find it by its name; run it with
 * {@code ./mvnw test -Dtest='DispatchLatency*'}.
 */
abstract class DispatchLatency {
    private static final int WARM_UP = 100;
    private static final int CELLS = 500;

    @Inject
    Runs runs;

    @Test
    void measures() throws InterruptedException {
        run(WARM_UP, DispatchLatency::before);
        report("chain, each cell needs the one before", run(CELLS, DispatchLatency::before));
        report("burst, all ready at once, so that waiting for a slot counts", run(CELLS, cell -> new Integer[0]));
    }

    private static Integer[] before(int cell) {
        return cell == 0 ? new Integer[0] : new Integer[] {cell - 1};
    }

    private long run(int cells, IntFunction<Integer[]> needs) throws InterruptedException {
        Plans plans = new Plans();
        for (int i = 0; i < cells; i++) {
            plans.cell("noop", "light", "x", false, needs.apply(i));
        }
        long run = runs.submit(plans.plan(), "", "benchmark", null);
        while (!runs.run(run).state().ended()) {
            Thread.sleep(500);
        }
        return run;
    }

    private void report(String what, long run) {
        long[] micros = runs.cells(run, null, null, null, null, CELLS).stream()
                .mapToLong(DispatchLatency::micros)
                .sorted()
                .toArray();
        RunView view = runs.run(run);
        System.out.printf(
                "%s: %s: p50 %.1f ms, p99 %.1f ms, max %.1f ms; %d cells in %.1f s%n",
                getClass().getSimpleName(),
                what,
                micros[micros.length / 2] / 1e3,
                micros[micros.length * 99 / 100] / 1e3,
                micros[micros.length - 1] / 1e3,
                micros.length,
                Duration.between(view.createdAt(), view.endedAt()).toMillis() / 1e3);
    }

    private static long micros(CellView cell) {
        return Duration.between(cell.readyAt(), cell.startedAt()).toNanos() / 1000;
    }
}
