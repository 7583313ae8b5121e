package dev.fewtune.workflow;

import dev.fewtune.spec.StepSpec;
import java.util.List;
import java.util.Map;

/**
 * One step of a file, its expressions not yet worked out.
 *
 * @param with by name
 * @param condition the text or truth of {@code if:}, or null
 * @param maxParallel 0 for no limit
 * @param sound whether it was read without a problem
 */
record StepEntry(
        String name,
        Mark at,
        StepSpec spec,
        List<Need> needs,
        MatrixEntry matrix,
        Map<String, Tree.Entry> with,
        Tree condition,
        int maxParallel,
        int priority,
        boolean allowFailed,
        boolean sound) {
    record Need(String step, Mark at) {}
}
