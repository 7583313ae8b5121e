package dev.fewtune.run;

import java.util.EnumSet;
import java.util.Set;

/** States of a cell and the moves between them, in one place. */
public enum CellState {
    WAITING,
    READY,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    SKIPPED,
    CACHED;

    private static final Set<CellState> ENDED = EnumSet.of(SUCCEEDED, FAILED, CANCELLED, SKIPPED, CACHED);

    public boolean ended() {
        return ENDED.contains(this);
    }

    /** Whether cells that need this one may use its artifact. */
    public boolean usable() {
        return this == SUCCEEDED || this == CACHED;
    }

    /** All moves; only {@link Restart} makes those back to WAITING. */
    public boolean mayBecome(CellState next) {
        return switch (this) {
            case WAITING -> next == READY || next == SKIPPED || next == CANCELLED || next == CACHED;
            case READY -> next == RUNNING || next == CANCELLED || next == SKIPPED || next == CACHED || next == WAITING;
            case RUNNING ->
                next == SUCCEEDED || next == FAILED || next == CANCELLED || next == READY || next == WAITING;
            case SUCCEEDED, FAILED, CANCELLED, SKIPPED, CACHED -> next == WAITING;
        };
    }
}
