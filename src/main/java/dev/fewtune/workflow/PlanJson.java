package dev.fewtune.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A plan as JSON, as it is kept with a run. */
public final class PlanJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanJson() {}

    public static String write(Plan plan) {
        try {
            return JSON.writeValueAsString(plan);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws IllegalArgumentException for another version or broken JSON */
    public static Plan read(String json) {
        try {
            Plan plan = JSON.readValue(json, Plan.class);
            if (plan.version() != Plan.VERSION) {
                throw new IllegalArgumentException("A plan of version %s cannot be read; this is version %s."
                        .formatted(plan.version(), Plan.VERSION));
            }
            return plan;
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("The plan is not readable: " + broken.getMessage(), broken);
        }
    }
}
