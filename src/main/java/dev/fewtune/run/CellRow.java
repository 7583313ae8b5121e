package dev.fewtune.run;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.Pool;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A cell of a run. */
@Entity
@Table(name = "cells")
class CellRow extends PanacheEntityBase {
    /** Of one run. */
    static final int MOST_CELLS = 1_000_000;

    private static final int LONGEST_MESSAGE = 2000;

    /** Run number and ordinal in one. */
    @Id
    long id;

    @Column(name = "run_id")
    long runId;

    int ordinal;
    String step;
    String kind;

    @Column(name = "cell_key")
    String key;

    @Enumerated(EnumType.STRING)
    Pool pool;

    @Enumerated(EnumType.STRING)
    CellState state;

    /** The fencing number: raised each time the cell becomes ready. */
    int attempt;

    @Column(name = "open_needs")
    int openNeeds;

    @Column(name = "allow_failed")
    boolean allowFailed;

    boolean control;
    int priority;

    /** Most running cells of the step; 0 for no limit. */
    @Column(name = "max_parallel")
    int maxParallel;

    /** Whether a job for the current attempt is in the queue. */
    boolean handed;

    /** How often the current attempt was put into the queue. */
    int handing;

    /** Attempts whose worker was lost. */
    int losses;

    /** Attempts that failed in passing. */
    int retries;

    /** The first attempt that may use the checkpoints of this cell; those of earlier ones stem from other input. */
    @Column(name = "fresh_from")
    int freshFrom = 1;

    double progress;

    @Column(name = "ready_at")
    Instant readyAt;

    /** Not handed over before; null for at once. */
    @Column(name = "not_before")
    Instant notBefore;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "ended_at")
    Instant endedAt;

    /** Boot of the worker that has it. */
    String worker;

    @Enumerated(EnumType.STRING)
    Cause cause;

    String message;
    String manifest;

    static long id(long run, int ordinal) {
        return run * MOST_CELLS + ordinal;
    }

    static long run(long id) {
        return id / MOST_CELLS;
    }

    /** All cells of a run in order, locked until the transaction ends, so that no worker starts one meanwhile. */
    static List<CellRow> locked(long run) {
        getEntityManager()
                .createNativeQuery("select id from cells where run_id = :run for update", Long.class)
                .setParameter("run", run)
                .getResultList();
        return list("runId = ?1 order by ordinal", run);
    }

    /** Takes a cell whose needs are met to its next attempt. */
    void ready(Instant now) {
        become(CellState.READY);
        blank();
        attempt++;
        readyAt = now;
    }

    /** Takes a cell to its next attempt, but not at once. */
    void ready(Instant now, Duration pause) {
        ready(now);
        notBefore = now.plus(pause);
    }

    /** Takes a cell to an end; the counters of the run are the caller's. */
    void end(CellState next, Cause why, String says, Instant now) {
        become(next);
        cause = why;
        message = cut(says);
        endedAt = now;
    }

    /**
     * Takes a cell back to waiting.
     *
     * @param fresh whether its next attempt starts without checkpoints
     */
    void takeBack(boolean fresh) {
        become(CellState.WAITING);
        blank();
        losses = 0;
        retries = 0;
        if (fresh) {
            freshFrom = attempt + 1;
        }
    }

    /** As long as the column holds, and no half of a character. */
    static String cut(String message) {
        if (message == null || message.length() <= LONGEST_MESSAGE) {
            return message;
        }
        boolean half = Character.isHighSurrogate(message.charAt(LONGEST_MESSAGE - 1));
        return message.substring(0, half ? LONGEST_MESSAGE - 1 : LONGEST_MESSAGE);
    }

    private void become(CellState next) {
        if (state != next && !state.mayBecome(next)) {
            throw new IllegalStateException("%s cannot go from %s to %s.".formatted(key, state, next));
        }
        state = next;
    }

    private void blank() {
        handed = false;
        handing = 0;
        progress = 0;
        readyAt = null;
        notBefore = null;
        startedAt = null;
        endedAt = null;
        worker = null;
        cause = null;
        message = null;
        manifest = null;
    }
}
