package dev.fewtune.run;

import dev.fewtune.spec.Cause;
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

/** One attempt of one cell; never removed. */
@Entity
@Table(name = "attempts")
class AttemptRow extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(name = "cell_id")
    long cellId;

    int attempt;

    @Enumerated(EnumType.STRING)
    CellState state;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "ended_at")
    Instant endedAt;

    String worker;

    @Enumerated(EnumType.STRING)
    Cause cause;

    String message;
    String trace;

    /** Of a cell that runs. */
    static AttemptRow current(CellRow cell) {
        return find("cellId = ?1 and attempt = ?2", cell.id, cell.attempt).firstResult();
    }
}
