package dev.fewtune.web;

import java.util.Map;

/**
 * The body of POST /api/runs.
 *
 * @param workflow the YAML, or the name of a workflow of the library
 * @param inputs typed, by name; may be absent
 * @param folder that the paths of data files are relative to; must lie under a data root; may be absent
 */
public record RunRequest(String workflow, Map<String, Object> inputs, String folder) {
    public RunRequest {
        inputs = inputs == null ? Map.of() : inputs;
    }
}
