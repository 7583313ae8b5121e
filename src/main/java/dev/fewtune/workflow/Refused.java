package dev.fewtune.workflow;

/** Ends the reading of a text with one problem. */
final class Refused extends RuntimeException {
    private final transient Mark at;
    private final String code;

    Refused(Mark at, String code, String message) {
        super(message);
        this.at = at;
        this.code = code;
    }

    Mark at() {
        return at;
    }

    String code() {
        return code;
    }
}
