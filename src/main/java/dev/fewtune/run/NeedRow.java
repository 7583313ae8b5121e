package dev.fewtune.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;

/** One edge: a cell needs another one. */
@Entity
@Table(name = "needs")
@IdClass(NeedRow.Key.class)
class NeedRow extends PanacheEntityBase {
    @Id
    @Column(name = "cell_id")
    long cellId;

    @Id
    @Column(name = "upstream_id")
    long upstreamId;

    @Column(name = "run_id")
    long runId;

    static final class Key implements Serializable {
        long cellId;
        long upstreamId;

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.cellId == cellId && key.upstreamId == upstreamId;
        }

        @Override
        public int hashCode() {
            return Objects.hash(cellId, upstreamId);
        }
    }
}
