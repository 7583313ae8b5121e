package dev.fewtune.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fewtune.workflow.Problem;
import java.util.List;

/**
 * An error as RFC 9457 wants it.
 *
 * @param problems of a workflow, in the order of the file; absent for other errors
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Refusal(String type, String title, int status, String detail, List<Problem> problems) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Refusal of(int status, String title, String detail) {
        return new Refusal("about:blank", title, status, detail, List.of());
    }
}
