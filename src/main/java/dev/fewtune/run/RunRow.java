package dev.fewtune.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A run. Its counters change in the transaction that ends a cell, under a lock on this row. */
@Entity
@Table(name = "runs")
class RunRow extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    String workflow;
    String description;

    @Enumerated(EnumType.STRING)
    RunState state;

    int total;
    int succeeded;
    int failed;
    int cancelled;
    int skipped;
    int cached;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "ended_at")
    Instant endedAt;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "idempotency_key")
    String idempotencyKey;

    /**
     * The row, locked until the transaction ends; null where there is none. Hibernate's own lock says "for update of",
     * which MariaDB does not know.
     */
    static RunRow locked(long id) {
        getEntityManager()
                .createNativeQuery("select id from runs where id = :id for update", Long.class)
                .setParameter("id", id)
                .getResultList();
        return findById(id);
    }

    boolean endedBefore(Instant limit) {
        return endedAt != null && endedAt.isBefore(limit);
    }

    void count(CellState ended, int change) {
        switch (ended) {
            case SUCCEEDED -> succeeded += change;
            case FAILED -> failed += change;
            case CANCELLED -> cancelled += change;
            case SKIPPED -> skipped += change;
            case CACHED -> cached += change;
            case WAITING, READY, RUNNING -> {
                // Only end states are counted here.
            }
        }
    }

    /** The state follows from the counters. */
    void derive(Instant now) {
        if (succeeded + failed + cancelled + skipped + cached < total) {
            state = state == RunState.CANCELLING ? RunState.CANCELLING : RunState.RUNNING;
            endedAt = null;
            return;
        }
        state = ended();
        endedAt = now;
    }

    private RunState ended() {
        if (state == RunState.CANCELLING || (failed == 0 && cancelled > 0)) {
            return RunState.CANCELLED;
        }
        return failed > 0 ? RunState.FAILED : RunState.SUCCEEDED;
    }
}
