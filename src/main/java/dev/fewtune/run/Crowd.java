package dev.fewtune.run;

import dev.fewtune.spec.Pool;
import io.quarkus.panache.common.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cells of a pool that run or are about to, by step, so that no step has more of them than its max-parallel. */
final class Crowd {
    private final Map<Step, Long> counts = new HashMap<>();

    /** @param most running cells; 0 for no limit */
    private record Step(long run, String name, int most) {
        static Step of(CellRow cell) {
            return new Step(cell.runId, cell.step, cell.maxParallel);
        }
    }

    static Crowd of(Pool pool) {
        Crowd crowd = new Crowd();
        CellRow.getEntityManager()
                .createQuery(
                        "select c.runId, c.step, c.maxParallel, count(c) from CellRow c where c.pool = :pool"
                                + " and (c.state = :running or (c.state = :ready and c.handed = true))"
                                + " group by c.runId, c.step, c.maxParallel",
                        Object[].class)
                .setParameter("pool", pool)
                .setParameter("running", CellState.RUNNING)
                .setParameter("ready", CellState.READY)
                .getResultList()
                .forEach(row ->
                        crowd.counts.put(new Step((Long) row[0], (String) row[1], (Integer) row[2]), (Long) row[3]));
        return crowd;
    }

    long size() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean admits(CellRow cell) {
        return !isFull(Step.of(cell));
    }

    void add(CellRow cell) {
        counts.merge(Step.of(cell), 1L, Long::sum);
    }

    /** The next ready cells of steps that are not full; however many wait for a full one, the others do not wait. */
    List<CellRow> admitted(Pool pool, Instant now, int most) {
        StringBuilder terms = new StringBuilder(
                "pool = :pool and state = :ready and handed = false and (notBefore is null or notBefore <= :now)");
        Map<String, Object> values = new HashMap<>(Map.of("pool", pool, "ready", CellState.READY, "now", now));
        int number = 0;
        for (Step step : counts.keySet()) {
            if (isFull(step)) {
                terms.append(" and not (runId = :run%d and step = :step%d)".formatted(number, number));
                values.put("run" + number, step.run());
                values.put("step" + number, step.name());
                number++;
            }
        }
        return CellRow.<CellRow>find(terms + " order by priority desc, readyAt, id", values)
                .page(Page.ofSize(most))
                .list();
    }

    private boolean isFull(Step step) {
        return step.most() > 0 && counts.getOrDefault(step, 0L) >= step.most();
    }
}
