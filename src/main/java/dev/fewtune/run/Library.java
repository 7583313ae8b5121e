package dev.fewtune.run;

import dev.fewtune.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Workflows that people keep on the server, with all their versions. */
public final class Library {
    private static final int TRIES = 20;
    private final Clock clock;

    public Library(Clock clock) {
        this.clock = clock;
    }

    /** @param version from 1 */
    public record Saved(String name, int version, String yaml, Instant createdAt, String createdBy) {}

    /** The newest version of each, by name. */
    public List<Saved> all() {
        return Tx.call(() -> WorkflowRow.<WorkflowRow>list(
                        "from WorkflowRow w where w.version = (select max(o.version) from WorkflowRow o where o.name = w.name) order by w.name")
                .stream()
                .map(Library::saved)
                .toList());
    }

    /** The newest version. */
    public Optional<Saved> find(String name) {
        return Tx.call(() -> newest(name).map(Library::saved));
    }

    /** One version, from 1. */
    public Optional<Saved> find(String name, int version) {
        return Tx.call(() -> WorkflowRow.<WorkflowRow>find("name = ?1 and version = ?2", name, version)
                .firstResultOptional()
                .map(Library::saved));
    }

    /**
     * Adds a version; the same text as the newest one adds none.
     *
     * @throws Runs.NotAllowed for a name that is too long
     */
    public Saved put(String name, String yaml, String by) {
        Bounds.require("name of the workflow", name, Bounds.NAME);
        for (int tries = 1; ; tries++) {
            Optional<Integer> before = find(name).map(Saved::version);
            try {
                return Tx.call(() -> add(name, yaml, by));
            } catch (RuntimeException failed) {
                // Somebody else may have taken the number of the version at the same time.
                if (tries == TRIES || find(name).map(Saved::version).equals(before)) {
                    throw failed;
                }
            }
        }
    }

    private Saved add(String name, String yaml, String by) {
        Optional<WorkflowRow> newest = newest(name);
        if (newest.isPresent() && newest.get().yaml.equals(yaml)) {
            return saved(newest.get());
        }
        WorkflowRow row = new WorkflowRow();
        row.name = name;
        row.version = newest.map(last -> last.version).orElse(0) + 1;
        row.yaml = yaml;
        row.createdAt = clock.instant();
        row.createdBy = Bounds.person(by);
        row.persist();
        return saved(row);
    }

    private static Optional<WorkflowRow> newest(String name) {
        return WorkflowRow.<WorkflowRow>find("name = ?1 order by version desc", name)
                .firstResultOptional();
    }

    private static Saved saved(WorkflowRow row) {
        return new Saved(row.name, row.version, row.yaml, row.createdAt, row.createdBy);
    }
}
