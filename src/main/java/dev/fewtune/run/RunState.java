package dev.fewtune.run;

/** State of a run; it follows from its cells. CANCELLING lasts until the last running cell has stopped. */
public enum RunState {
    RUNNING,
    CANCELLING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean ended() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
}
