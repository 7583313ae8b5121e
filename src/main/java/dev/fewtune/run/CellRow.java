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
import java.time.Instant;

/** A cell of a run. */
@Entity
@Table(name = "cells")
class CellRow extends PanacheEntityBase {
    private static final long MOST_CELLS = 1_000_000;

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

    double progress;

    @Column(name = "ready_at")
    Instant readyAt;

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

    /** Takes a cell whose needs are met to its next attempt. */
    void ready(Instant now) {
        state = CellState.READY;
        attempt++;
        handed = false;
        handing = 0;
        progress = 0;
        readyAt = now;
        startedAt = null;
        endedAt = null;
        worker = null;
        cause = null;
        message = null;
        manifest = null;
    }
}
