package dev.fewtune.run;

import dev.fewtune.spec.StepSpec;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlanJson;
import dev.fewtune.workflow.PlannedCell;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Writes a run with its cells and needs. */
record Submitting(Clock clock, List<StepSpec> kinds) {
    /** @return the row; must run in a transaction */
    RunRow write(Plan plan, String yaml, String by, String idempotencyKey) {
        Instant now = clock.instant();
        RunRow run = new RunRow();
        run.workflow = plan.name();
        run.description = plan.description();
        run.yaml = yaml;
        run.plan = PlanJson.write(plan);
        run.state = RunState.RUNNING;
        run.total = plan.cells().size();
        run.createdAt = now;
        run.createdBy = by == null ? "" : by;
        run.idempotencyKey = idempotencyKey;
        run.persist();
        for (PlannedCell cell : plan.cells()) {
            write(run.id, plan, cell, now);
        }
        return run;
    }

    private void write(long run, Plan plan, PlannedCell cell, Instant now) {
        CellRow row = new CellRow();
        row.id = CellRow.id(run, cell.ordinal());
        row.runId = run;
        row.ordinal = cell.ordinal();
        row.step = cell.step();
        row.kind = cell.kind();
        row.key = cell.key();
        row.pool = spec(cell.kind()).pool();
        row.state = CellState.WAITING;
        row.openNeeds = cell.needs().size();
        row.allowFailed = cell.allowFailed();
        row.control = cell.control();
        row.priority = cell.priority();
        row.maxParallel = plan.maxParallel().getOrDefault(cell.step(), 0);
        if (row.openNeeds == 0) {
            row.ready(now);
        }
        row.persist();
        for (int upstream : cell.needs()) {
            NeedRow need = new NeedRow();
            need.cellId = row.id;
            need.upstreamId = CellRow.id(run, upstream);
            need.runId = run;
            need.persist();
        }
    }

    private StepSpec spec(String kind) {
        Map<String, StepSpec> byKind = new java.util.HashMap<>();
        kinds.forEach(spec -> byKind.put(spec.kind(), spec));
        StepSpec spec = byKind.get(kind);
        if (spec == null) {
            throw new Runs.NotAllowed("This server has no step kind %s. Known: %s.".formatted(kind, byKind.keySet()));
        }
        return spec;
    }
}
