package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlannedCell;
import io.quarkus.panache.common.Page;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs in the database. */
final class StoredRuns implements Runs {
    /** From the chunk on in which the line stands. */
    private static final String CHUNKS_AFTER =
            "from LogChunk c where c.cellId = ?1 and c.attempt = ?2 and c.firstLine >="
                    + " (select coalesce(max(o.firstLine), 0) from LogChunk o"
                    + " where o.cellId = ?1 and o.attempt = ?2 and o.firstLine <= ?3) order by c.firstLine";

    private final Submitting submitting;
    private final Verbs verbs;
    private final HandOver handOver;
    private final Plans plans;
    private final Upstreams upstreams;
    private final Changes changes;
    private final Clock clock;

    StoredRuns(
            Submitting submitting,
            Verbs verbs,
            HandOver handOver,
            Plans plans,
            Upstreams upstreams,
            Changes changes,
            Clock clock) {
        this.submitting = submitting;
        this.verbs = verbs;
        this.handOver = handOver;
        this.plans = plans;
        this.upstreams = upstreams;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public long submit(Plan plan, String yaml, String by, String idempotencyKey) {
        long id = submitting.submit(plan, yaml, by, idempotencyKey);
        changed(id);
        return id;
    }

    @Override
    public List<RunView> list(RunState state, String workflow, Long before, int limit) {
        Map<String, Object> values = new HashMap<>();
        List<String> terms = new ArrayList<>(List.of("1 = 1"));
        add(terms, values, "state = :state", "state", state);
        add(terms, values, "workflow = :workflow", "workflow", workflow);
        add(terms, values, "id < :before", "before", before);
        return Tx.call(() -> RunRow.<RunRow>find(String.join(" and ", terms) + " order by id desc", values)
                .page(Page.ofSize(limit))
                .list()
                .stream()
                .map(Views::brief)
                .toList());
    }

    @Override
    public RunView run(long id) {
        Plan plan = plans.of(id);
        return Tx.call(() -> Views.full(row(id), plan));
    }

    @Override
    public String yaml(long id) {
        return plans.yaml(id);
    }

    @Override
    public Plan plan(long id) {
        return plans.of(id);
    }

    @Override
    public List<CellView> cells(long id, String step, CellState state, String key, Integer after, int limit) {
        Map<String, Object> values = new HashMap<>(Map.of("run", id));
        List<String> terms = new ArrayList<>(List.of("runId = :run"));
        add(terms, values, "step = :step", "step", step);
        add(terms, values, "state = :state", "state", state);
        add(terms, values, "key = :key", "key", key);
        add(terms, values, "ordinal > :after", "after", after);
        List<PlannedCell> planned = plan(id).cells();
        return Tx.call(() -> CellRow.<CellRow>find(String.join(" and ", terms) + " order by ordinal", values)
                .page(Page.ofSize(limit))
                .list()
                .stream()
                .map(cell -> Views.brief(cell, planned.get(cell.ordinal).axes()))
                .toList());
    }

    @Override
    public CellView cell(long id, int ordinal) {
        Plan plan = plan(id);
        return Tx.call(
                () -> Views.full(cellRow(id, ordinal), plan.cells().get(ordinal).axes()));
    }

    @Override
    public List<LogLine> log(long id, int ordinal, int attempt, long after, int limit) {
        List<LogLine> lines = new ArrayList<>();
        Tx.run(() -> LogChunk.<LogChunk>find(CHUNKS_AFTER, cellRow(id, ordinal).id, attempt, after + 1)
                .page(Page.ofSize(limit))
                .list()
                .forEach(chunk -> addLines(lines, chunk, after)));
        return List.copyOf(lines.subList(0, Math.min(limit, lines.size())));
    }

    @Override
    public Map<String, List<MetricPoint>> metrics(long id, int ordinal, int attempt) {
        Map<String, List<MetricPoint>> curves = new LinkedHashMap<>();
        Tx.run(() -> MetricChunk.<MetricChunk>list(
                        "cellId = ?1 and attempt = ?2 order by id", cellRow(id, ordinal).id, attempt)
                .forEach(chunk -> addPoints(curves, chunk)));
        return curves;
    }

    @Override
    public Optional<Path> artifact(long id, int ordinal, String path) {
        String manifest = Tx.call(() -> cellRow(id, ordinal).manifest);
        return Optional.ofNullable(upstreams.files(manifest).get(path));
    }

    @Override
    public List<String> scores(long id) {
        return Tx.call(() -> {
            row(id);
            return ScoreRow.<ScoreRow>list(
                            "from ScoreRow s join CellRow c on c.runId = s.runId and c.ordinal = s.ordinal"
                                    + " where s.runId = ?1 and c.attempt = s.attempt and c.state in ?2 order by s.ordinal",
                            id,
                            List.of(CellState.SUCCEEDED, CellState.CACHED))
                    .stream()
                    .map(score -> score.score)
                    .toList();
        });
    }

    @Override
    public List<Act> acts(long id) {
        return Tx.call(() -> ActRow.<ActRow>list("runId = ?1 order by id", id).stream()
                .map(act -> new Act(act.verb, act.ordinal, act.by, act.at))
                .toList());
    }

    @Override
    public void cancel(long id, String by) {
        Tx.run(() -> {
            verbs.cancel(id);
            ActRow.add(id, null, "cancel", by, clock.instant());
        });
        changed(id);
    }

    @Override
    public int retryFailed(long id, String by) {
        int cells = Tx.call(() -> {
            int taken = verbs.retryFailed(id);
            ActRow.add(id, null, "retry", by, clock.instant());
            return taken;
        });
        changed(id);
        return cells;
    }

    @Override
    public void retry(long id, int ordinal, String by) {
        Tx.run(() -> {
            verbs.retry(id, ordinal);
            ActRow.add(id, ordinal, "retry", by, clock.instant());
        });
        changed(id);
    }

    @Override
    public void rerun(long id, int ordinal, String by) {
        Tx.run(() -> {
            verbs.rerun(id, ordinal);
            ActRow.add(id, ordinal, "rerun", by, clock.instant());
        });
        changed(id);
    }

    private void changed(long id) {
        handOver.fill();
        changes.tell(id);
    }

    private static void add(List<String> terms, Map<String, Object> values, String term, String name, Object value) {
        if (value != null) {
            terms.add(term);
            values.put(name, value);
        }
    }

    private static RunRow row(long id) {
        RunRow run = RunRow.findById(id);
        if (run == null) {
            throw new UnknownRun("There is no run %s.".formatted(id));
        }
        return run;
    }

    private static CellRow cellRow(long id, int ordinal) {
        row(id);
        CellRow cell = CellRow.findById(CellRow.id(id, ordinal));
        if (cell == null) {
            throw new UnknownRun("Run %s has no cell %s.".formatted(id, ordinal));
        }
        return cell;
    }

    private static void addLines(List<LogLine> lines, LogChunk chunk, long after) {
        long number = chunk.firstLine;
        for (String line : chunk.lines.split("\n")) {
            int tab = line.indexOf('\t');
            if (number > after && tab > 0) {
                lines.add(new LogLine(number, Instant.parse(line.substring(0, tab)), line.substring(tab + 1)));
            }
            number++;
        }
    }

    private static void addPoints(Map<String, List<MetricPoint>> curves, MetricChunk chunk) {
        for (String line : chunk.points.split("\n")) {
            String[] parts = line.split("\t");
            curves.computeIfAbsent(parts[0], name -> new ArrayList<>())
                    .add(new MetricPoint(Long.parseLong(parts[1]), Double.parseDouble(parts[2])));
        }
    }
}
