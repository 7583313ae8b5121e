package dev.fewtune.web;

import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of POST /api/runs.
 *
 * @param workflow the YAML, or the name of a workflow of the library
 * @param inputs typed, by name; may be absent
 * @param folder that the paths of data files are relative to; must lie under a data root; may be absent
 */
public record RunRequest(
        @Schema(required = true, description = "The YAML, or the name of a workflow of the library")
        String workflow,

        @Schema(description = "Typed, by name; the workflow's defaults stand for what is absent")
        Map<String, Object> inputs,

        @Schema(description = "What the paths of data files are relative to; must lie under a data root")
        String folder) {
    public RunRequest {
        inputs = inputs == null ? Map.of() : inputs;
    }
}
