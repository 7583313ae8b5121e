package dev.fewtune.run;

import dev.fewtune.db.Tx;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Progress;
import io.quarkus.panache.common.Parameters;
import java.time.Clock;

/** Writes what one attempt tells into chunk rows, at most twice a second, and notices when it should stop. */
final class AttemptProgress implements Progress, AutoCloseable {
    private static final long EVERY_NANOS = 500_000_000L;
    private final long cellId;
    private final CellRequest request;
    private final Clock clock;
    private final Changes changes;
    private final StringBuilder lines = new StringBuilder();
    private final StringBuilder points = new StringBuilder();
    private long firstLine = 1;
    private long nextLine = 1;
    private double done;
    private long written = System.nanoTime();
    private boolean stop;

    AttemptProgress(CellRequest request, Clock clock, Changes changes) {
        this.cellId = CellRow.id(request.run(), request.ordinal());
        this.request = request;
        this.clock = clock;
        this.changes = changes;
    }

    @Override
    public synchronized void at(long part, long total) {
        done = total <= 0 ? 0 : Math.min(1, (double) part / total);
        flushIfDue();
    }

    @Override
    public synchronized void log(String text) {
        add(text);
        flushIfDue();
    }

    /** Adds lines that are written when the attempt is closed. */
    synchronized void add(String text) {
        for (String line : text.split("\n")) {
            lines.append(clock.instant()).append('\t').append(line).append('\n');
            nextLine++;
        }
    }

    @Override
    public synchronized void metric(String name, long step, double value) {
        points.append(name).append('\t').append(step).append('\t').append(value).append('\n');
        flushIfDue();
    }

    @Override
    public synchronized void check() {
        flushIfDue();
        if (stop) {
            throw new CancelledException();
        }
    }

    @Override
    public synchronized void close() {
        flush();
    }

    /** What cannot be written while the database is away stays here until it answers: the work goes on. */
    private void flushIfDue() {
        if (System.nanoTime() - written < EVERY_NANOS) {
            return;
        }
        try {
            flush();
        } catch (RuntimeException failed) {
            if (!Tx.mayPass(failed)) {
                throw failed;
            }
            written = System.nanoTime();
        }
    }

    private void flush() {
        Tx.run(this::write);
        lines.setLength(0);
        points.setLength(0);
        firstLine = nextLine;
        written = System.nanoTime();
        changes.tell(request.run());
    }

    private void write() {
        int current = CellRow.update(
                "progress = :done where id = :id and attempt = :attempt and state = :running",
                Parameters.with("done", done)
                        .and("id", cellId)
                        .and("attempt", request.attempt())
                        .and("running", CellState.RUNNING));
        stop = current == 0 || RunRow.count("id = ?1 and state = ?2", request.run(), RunState.CANCELLING) > 0;
        if (!lines.isEmpty()) {
            LogChunk chunk = new LogChunk();
            chunk.cellId = cellId;
            chunk.attempt = request.attempt();
            chunk.firstLine = firstLine;
            chunk.lines = lines.toString();
            chunk.persist();
        }
        if (!points.isEmpty()) {
            MetricChunk chunk = new MetricChunk();
            chunk.cellId = cellId;
            chunk.attempt = request.attempt();
            chunk.points = points.toString();
            chunk.persist();
        }
    }
}
