package dev.fewtune.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Who asked what of a run. */
@Entity
@Table(name = "acts")
class ActRow extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(name = "run_id")
    long runId;

    /** Of the cell; null for the run as a whole. */
    Integer ordinal;

    String verb;

    @Column(name = "done_by")
    String by;

    @Column(name = "done_at")
    Instant at;

    static void add(long run, Integer ordinal, String verb, String by, Instant now) {
        ActRow row = new ActRow();
        row.runId = run;
        row.ordinal = ordinal;
        row.verb = verb;
        row.by = Bounds.person(by);
        row.at = now;
        row.persist();
    }
}
