package dev.fewtune.cli;

import dev.fewtune.workflow.Plan;
import java.nio.file.Path;
import java.util.Map;

/**
 * A checked workflow on its way to a server.
 *
 * @param file the workflow
 * @param inputs as typed on the command line
 */
record Submission(Path file, String yaml, Map<String, String> inputs, Plan plan) {
    Submission {
        inputs = Map.copyOf(inputs);
    }

    /** The folder of the file, absolute: paths of data are relative to it. */
    Path folder() {
        return file.toAbsolutePath().normalize().getParent();
    }
}
