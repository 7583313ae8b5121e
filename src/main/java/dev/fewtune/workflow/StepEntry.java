package dev.fewtune.workflow;

import dev.fewtune.spec.StepSpec;
import java.util.List;
import java.util.Map;

/**
 * One step of a file, its expressions not yet worked out.
 *
 * @param matrix null where there is none
 * @param matrixFrom name of the step whose matrix is taken, "none" for no matrix, or null where nothing is said
 * @param with by name
 * @param condition the text of {@code if:}, or null
 */
record StepEntry(
        String name,
        Mark at,
        StepSpec spec,
        List<Need> needs,
        Tree.Mapping matrix,
        String matrixFrom,
        Map<String, Tree.Entry> with,
        Tree condition,
        int maxParallel,
        int priority,
        boolean allowFailed) {
    record Need(String step, Mark at) {}
}
