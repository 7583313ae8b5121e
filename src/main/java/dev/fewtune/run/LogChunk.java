package dev.fewtune.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Some lines of the log of an attempt: each an instant, a tab and the text. */
@Entity
@Table(name = "log_chunks")
class LogChunk extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(name = "cell_id")
    long cellId;

    int attempt;

    /** Number of the first line, from 1. */
    @Column(name = "first_line")
    long firstLine;

    /** Lines is a word of MariaDB's own. */
    @Column(name = "body")
    String lines;
}
