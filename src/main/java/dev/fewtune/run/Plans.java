package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlanJson;
import java.util.LinkedHashMap;
import java.util.Map;

/** The plans of runs. The last few that were asked for are kept: they never change, and reading one of thousands of cells takes long. */
final class Plans {
    private static final int KEPT = 8;
    private final Map<Long, Plan> kept = new LinkedHashMap<>(16, 0.75f, true);

    /** @throws Runs.UnknownRun where there is none */
    Plan of(long run) {
        synchronized (kept) {
            Plan plan = kept.get(run);
            if (plan != null) {
                return plan;
            }
        }
        Plan plan = PlanJson.read(Tx.call(() -> row(run).plan));
        synchronized (kept) {
            kept.put(run, plan);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return plan;
    }

    /** @throws Runs.UnknownRun where there is none */
    String yaml(long run) {
        return Tx.call(() -> row(run).yaml);
    }

    private static PlanRow row(long run) {
        PlanRow row = PlanRow.findById(run);
        if (row == null) {
            throw new Runs.UnknownRun("There is no run %s.".formatted(run));
        }
        return row;
    }
}
