package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlanJson;
import dev.fewtune.workflow.PlannedCell;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a run with its cells and needs, in one transaction and once per idempotency key. */
record Submitting(Clock clock, List<StepSpec> kinds) {
    private static final int LONGEST_DESCRIPTION = 2000;
    private static final int LONGEST_STEP = 100;

    /**
     * @param key or null
     * @return the number of the run, or of the run that the same request with the same key made before
     * @throws Runs.NotAllowed where another request has used the key, or the plan cannot be kept
     */
    long submit(Plan plan, String yaml, String by, String key) {
        Bounds.require("idempotency key", key, Bounds.NAME);
        require(plan);
        Optional<Long> earlier = earlier(plan, yaml, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            return Tx.call(() -> write(plan, yaml, by, key));
        } catch (RuntimeException failed) {
            // The same key may have come in at the same time.
            return earlier(plan, yaml, key).orElseThrow(() -> failed);
        }
    }

    private static void require(Plan plan) {
        Bounds.require("name of the workflow", plan.name(), Bounds.NAME);
        Bounds.require("description of the workflow", plan.description(), LONGEST_DESCRIPTION);
        if (plan.cells().size() > CellRow.MOST_CELLS) {
            throw new Runs.NotAllowed("The run has %,d cells; at most %,d are possible. Maybe make several runs of it."
                    .formatted(plan.cells().size(), CellRow.MOST_CELLS));
        }
        Set<String> keys = new HashSet<>();
        for (PlannedCell cell : plan.cells()) {
            Bounds.require("name of a step", cell.step(), LONGEST_STEP);
            if (!keys.add(cell.key())) {
                throw new Runs.NotAllowed(
                        "Two cells have the key %s. Maybe two values of an axis are written alike; give them different names."
                                .formatted(cell.key()));
            }
            // What waits is settled in this order.
            if (cell.needs().stream().anyMatch(need -> need >= cell.ordinal())) {
                throw new IllegalArgumentException(
                        "%s needs a cell that stands behind it: %s.".formatted(cell.key(), cell.needs()));
            }
        }
    }

    private static Optional<Long> earlier(Plan plan, String yaml, String key) {
        if (key == null) {
            return Optional.empty();
        }
        return Tx.call(() -> {
            Optional<RunRow> earlier =
                    RunRow.<RunRow>find("idempotencyKey", key).firstResultOptional();
            earlier.ifPresent(run -> requireSame(run, PlanRow.findById(run.id), plan, yaml));
            return earlier.map(run -> run.id);
        });
    }

    private static void requireSame(RunRow run, PlanRow texts, Plan plan, String yaml) {
        Plan before = PlanJson.read(texts.plan);
        // As JSON gives it back: a number there has no type of Java's.
        Plan now = PlanJson.read(PlanJson.write(plan));
        String other = !texts.yaml.equals(yaml)
                ? "another workflow"
                : !before.inputs().equals(now.inputs())
                        ? "other inputs"
                        : !before.tasks().equals(now.tasks()) ? "other files" : null;
        if (other != null) {
            throw new Runs.NotAllowed("The idempotency key %s belongs to run %d, which has %s. Maybe send a new key."
                    .formatted(run.idempotencyKey, run.id, other));
        }
    }

    private long write(Plan plan, String yaml, String by, String key) {
        Instant now = clock.instant();
        RunRow run = new RunRow();
        run.workflow = plan.name();
        run.description = plan.description();
        run.state = RunState.RUNNING;
        run.total = plan.cells().size();
        run.createdAt = now;
        run.createdBy = Bounds.person(by);
        run.idempotencyKey = key;
        run.persist();
        PlanRow texts = new PlanRow();
        texts.run = run.id;
        texts.yaml = yaml;
        texts.plan = PlanJson.write(plan);
        texts.persist();
        for (PlannedCell cell : plan.cells()) {
            write(run.id, plan, cell, now);
        }
        return run.id;
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
