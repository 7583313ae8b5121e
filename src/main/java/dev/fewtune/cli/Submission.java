package dev.fewtune.cli;

import dev.fewtune.workflow.Plan;
import java.util.Map;

/**
 * A checked workflow on its way to a server.
 *
 * @param inputs as typed on the command line
 */
record Submission(String yaml, Map<String, String> inputs, Plan plan) {
    Submission {
        inputs = Map.copyOf(inputs);
    }
}
