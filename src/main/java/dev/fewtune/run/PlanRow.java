package dev.fewtune.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The texts of a run, which may be megabytes long: what was asked for, and what it came to. Never changed. */
@Entity
@Table(name = "plans")
class PlanRow extends PanacheEntityBase {
    @Id
    @Column(name = "run_id")
    long run;

    String yaml;
    String plan;
}
