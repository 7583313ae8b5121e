package dev.fewtune.workflow;

import java.util.List;

/**
 * What planning a workflow gave.
 *
 * @param plan null where there are problems
 * @param problems in the order of the file
 */
public record Planning(Plan plan, List<Problem> problems) {
    public Planning {
        problems = List.copyOf(problems);
    }
}
