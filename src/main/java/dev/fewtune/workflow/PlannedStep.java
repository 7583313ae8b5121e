package dev.fewtune.workflow;

import java.util.List;
import java.util.Map;

/**
 * A step that was planned.
 *
 * @param axes its axes in order; those of an inherited matrix too
 * @param combinations one per cell, in the order of the cells
 */
record PlannedStep(
        StepEntry entry, List<String> axes, List<Map<String, Axis.Value>> combinations, List<PlannedCell> cells) {}
