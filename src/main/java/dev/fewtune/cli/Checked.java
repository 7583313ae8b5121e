package dev.fewtune.cli;

import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.Problem;
import java.util.List;

/**
 * What is known of a workflow file, as JSON; the API answers the same.
 *
 * @param problems in the order of the file
 * @param plan null where there are problems
 */
record Checked(boolean valid, List<Problem> problems, Plan plan) {
    static Checked valid(Plan plan) {
        return new Checked(true, List.of(), plan);
    }

    static Checked wrong(List<Problem> problems) {
        return new Checked(false, problems, null);
    }
}
