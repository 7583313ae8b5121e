package dev.fewtune.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A process that runs cells. It raises its beat; who sees no change for long declares it lost. */
@Entity
@Table(name = "workers")
class WorkerRow extends PanacheEntityBase {
    /** Stays with the home folder over restarts. */
    @Id
    String id;

    /** New at each start. */
    String boot;

    @Column(name = "light_slots")
    int lightSlots;

    @Column(name = "device_slots")
    int deviceSlots;

    long beat;

    @Column(name = "started_at")
    Instant startedAt;
}
