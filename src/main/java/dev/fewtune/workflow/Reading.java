package dev.fewtune.workflow;

import java.util.List;

/**
 * What reading a file gave.
 *
 * @param workflow null where there are problems
 * @param problems in the order of the file
 */
public record Reading(Workflow workflow, List<Problem> problems) {
    public Reading {
        problems = List.copyOf(problems);
    }
}
