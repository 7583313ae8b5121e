package dev.fewtune.web;

import dev.fewtune.workflow.Problem;
import java.util.List;

/** A request that cannot be granted, with its status. */
final class Refused extends RuntimeException {
    private final transient Refusal refusal;

    private Refused(Refusal refusal) {
        super(refusal.detail());
        this.refusal = refusal;
    }

    static Refused badRequest(String detail) {
        return new Refused(Refusal.of(400, "Bad request", detail));
    }

    static Refused notFound(String detail) {
        return new Refused(Refusal.of(404, "Not found", detail));
    }

    static Refused forbidden(String detail) {
        return new Refused(Refusal.of(403, "Forbidden", detail));
    }

    static Refused tooLarge(String detail) {
        return new Refused(Refusal.of(413, "Too large", detail));
    }

    static Refused unprocessable(String detail) {
        return new Refused(Refusal.of(422, "Unprocessable", detail));
    }

    static Refused invalid(List<Problem> problems) {
        String detail = "The workflow has %d %s. Maybe mend the first: %s"
                .formatted(
                        problems.size(),
                        problems.size() == 1 ? "problem" : "problems",
                        problems.get(0).message());
        return new Refused(new Refusal("about:blank", "Invalid workflow", 422, detail, problems));
    }

    Refusal refusal() {
        return refusal;
    }
}
