package dev.fewtune.web;

import dev.fewtune.spec.Catalog;
import dev.fewtune.workflow.Planner;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Problem;
import dev.fewtune.workflow.Reading;
import dev.fewtune.workflow.Workflow;
import dev.fewtune.workflow.WorkflowReader;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads and plans workflows that came over HTTP. */
@Singleton
public class Intake {
    private final Catalog catalog;
    private final Access access;

    Intake(Catalog catalog, Access access) {
        this.catalog = catalog;
        this.access = access;
    }

    /**
     * @param folder that the paths of data files are relative to, or null for the first data root
     */
    Reading read(String name, String yaml, String folder) {
        List<Path> roots = access.dataRoots();
        Path base = folder == null ? null : Path.of(folder);
        if (roots.isEmpty()) {
            return new WorkflowReader(catalog).read(name, yaml, null);
        }
        return new WorkflowReader(catalog).read(name, yaml, base == null ? roots.get(0) : base, roots);
    }

    /** @param inputs typed, by name */
    Planning plan(Workflow workflow, Map<String, Object> inputs) {
        return new Planner(catalog).plan(workflow, inputs);
    }

    /** @param inputs as typed into a form */
    Planning planTexts(Workflow workflow, Map<String, String> inputs) {
        return new Planner(catalog).planFromTexts(workflow, inputs);
    }

    /** The workflow, or a refusal with all its problems. */
    Workflow workflow(String name, String yaml, String folder) {
        Reading reading = read(name, yaml, folder);
        require(reading.problems());
        return reading.workflow();
    }

    static void require(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw Refused.invalid(problems);
        }
    }
}
