package dev.fewtune.step;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.Progress;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlanJson;
import dev.fewtune.workflow.PlannedCell;
import dev.fewtune.workflow.Planner;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Reading;
import dev.fewtune.workflow.WorkflowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Carries out the cells of a workflow one after another in this thread. */
public final class Workshop {
    private final Path folder;
    private final Plan plan;
    private final List<StepKind> kinds;
    private final Map<Integer, CellWork.Upstream> done = new LinkedHashMap<>();
    private Progress progress = Progress.SILENT;

    /**
     * On the tiny network, whatever built-in one is asked for.
     *
     * @param folder that the data of the workflow are in
     */
    Workshop(Path folder, String yaml) {
        this(folder, yaml, new TinyBench(folder.resolve("cache")), "minilm-l6", TinyBench.BACKBONE);
    }

    /** On the models that the workflow names. */
    public Workshop(Path folder, String yaml, Bench bench) {
        this(folder, yaml, bench, "", "");
    }

    private Workshop(Path folder, String yaml, Bench bench, String backbone, String instead) {
        this.folder = folder;
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read("test.yaml", yaml, folder);
        if (!reading.problems().isEmpty()) {
            throw new IllegalArgumentException(reading.problems().toString());
        }
        Planning planning = new Planner(Catalogs.builtIn()).plan(reading.workflow(), Map.of());
        if (!planning.problems().isEmpty()) {
            throw new IllegalArgumentException(planning.problems().toString());
        }
        String json = PlanJson.write(planning.plan());
        this.plan = PlanJson.read(backbone.isEmpty() ? json : json.replace(backbone, instead));
        this.kinds = Steps.on(bench);
    }

    public Workshop all() throws Exception {
        for (String step : plan.steps()) {
            step(step);
        }
        return this;
    }

    /** From now on, steps tell this one. */
    public Workshop telling(Progress listener) {
        progress = listener;
        return this;
    }

    /** Carries out the cells of one step, also again. */
    public Workshop step(String name) throws Exception {
        for (PlannedCell cell : plan.cells()) {
            if (cell.step().equals(name)) {
                done.put(cell.ordinal(), carryOut(cell));
            }
        }
        return this;
    }

    /** The score.json of each evaluated cell by the cell's key. */
    public Map<String, JsonNode> scores() {
        return plan.cells().stream()
                .filter(cell -> cell.kind().startsWith("evaluate") && done.containsKey(cell.ordinal()))
                .collect(Collectors.toMap(PlannedCell::key, cell -> json(file(cell, "score.json"))));
    }

    /** A file of the last cell of a step. */
    public Path file(String step, String name) {
        return plan.cells().stream()
                .filter(cell -> cell.step().equals(step))
                .reduce((first, second) -> second)
                .map(cell -> file(cell, name))
                .orElseThrow();
    }

    /** A file of the cell of a step that has a method. */
    Path file(String step, String method, String name) {
        return plan.cells().stream()
                .filter(cell -> cell.step().equals(step)
                        && method.equals(String.valueOf(cell.axes().get("method"))))
                .findFirst()
                .map(cell -> file(cell, name))
                .orElseThrow();
    }

    public String text(String step, String name) throws IOException {
        return Files.readString(file(step, name));
    }

    public JsonNode json(String step, String name) {
        return json(file(step, name));
    }

    private Path file(PlannedCell cell, String name) {
        return done.get(cell.ordinal()).files().get(name);
    }

    private static JsonNode json(Path file) {
        try {
            return Json.MAPPER.readTree(file.toFile());
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private CellWork.Upstream carryOut(PlannedCell cell) throws Exception {
        List<CellWork.Upstream> upstream = cell.needs().stream().map(done::get).toList();
        Path out = Files.createTempDirectory(folder, "cell-" + cell.ordinal());
        Path kept = Files.createDirectories(folder.resolve("kept-" + cell.ordinal()));
        CellWork work = new CellWork(1, 1, cell, plan.tasks(), upstream, out, kept, progress);
        kinds.stream()
                .filter(kind -> kind.spec().kind().equals(cell.kind()))
                .findFirst()
                .orElseThrow()
                .execute(work);
        return new CellWork.Upstream(cell, "SUCCEEDED", files(out), null, upstream);
    }

    private static Map<String, Path> files(Path out) throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(file -> out.relativize(file).toString(), file -> file));
        }
    }
}
