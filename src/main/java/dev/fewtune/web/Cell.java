package dev.fewtune.web;

import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.step.Merged;
import dev.fewtune.step.PeftFiles;
import dev.fewtune.workflow.PlannedCell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the page of a cell shows.
 *
 * @param attempt whose log and curves are shown
 * @param asked the attempt in the address, or null where the page follows the latest
 * @param card null where the cell made no data
 * @param grids drawn of what the cell left; empty where there is none
 */
public record Cell(
        RunView run,
        CellView view,
        PlannedCell planned,
        int attempt,
        Integer asked,
        LogPage log,
        List<Curve> curves,
        DataCard card,
        List<Grid> grids,
        Neighbours needs,
        Neighbours neededBy) {
    /** Settings of the step and of the method, by name, in the order of the file. */
    public Map<String, Object> settings() {
        Map<String, Object> all = new LinkedHashMap<>(planned.settings());
        if (planned.method() != null) {
            all.put("method", planned.method());
        }
        planned.methodSettings().forEach((name, value) -> all.put("method." + name, value));
        return all;
    }

    /** Whether there is a folder for PEFT. */
    public boolean forPeft() {
        return !PeftFiles.among(view.files().keySet()).isEmpty();
    }

    /** Whether the network can be had with what was trained in its weights. */
    public boolean merges() {
        return Merged.offers(planned.method(), view.files().keySet());
    }

    public String path() {
        return "/runs/%d/cells/%d".formatted(view.runId(), view.ordinal());
    }

    /** The address of its events. */
    public String live() {
        return path() + "/live" + (asked == null ? "" : "?attempt=" + asked);
    }
}
