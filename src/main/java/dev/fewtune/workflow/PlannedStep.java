package dev.fewtune.workflow;

import java.util.List;

/**
 * A step that was planned.
 *
 * @param matrix also where it was taken over; one combination per cell, in the order of the cells
 * @param sound whether neither it nor a step that it needs has a problem; else cells may be missing
 */
record PlannedStep(StepEntry entry, Matrix matrix, List<PlannedCell> cells, boolean sound) {}
