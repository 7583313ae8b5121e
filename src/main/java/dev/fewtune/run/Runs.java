package dev.fewtune.run;

import dev.fewtune.workflow.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The door to runs for the command line, the API and the pages. */
public interface Runs {
    /**
     * Stores a run and makes its first cells ready, in one transaction.
     *
     * @param yaml the text of the workflow, kept as it came
     * @param by who asks, for the record
     * @param idempotencyKey or null; the same request with the same key returns the first run
     * @return the number of the run
     * @throws NotAllowed where another workflow, other inputs or other files came with the key, where a name or the key is
     *     too long to be kept, or two cells have the same key
     */
    long submit(Plan plan, String yaml, String by, String idempotencyKey);

    /** Newest first; {@code state} and {@code workflow} may be null; {@code before} is a run number or null. */
    List<RunView> list(RunState state, String workflow, Long before, int limit);

    /** @throws UnknownRun where there is none */
    RunView run(long id);

    /** The YAML as it was submitted. */
    String yaml(long id);

    Plan plan(long id);

    /** In order; {@code step}, {@code state} and {@code key} may be null; {@code after} is an ordinal or null. */
    List<CellView> cells(long id, String step, CellState state, String key, Integer after, int limit);

    CellView cell(long id, int ordinal);

    /** Log lines of an attempt with a sequence number above {@code after}; none where they are too old to be kept. */
    List<LogLine> log(long id, int ordinal, int attempt, long after, int limit);

    /** Points of the curves of an attempt by name. */
    Map<String, List<MetricPoint>> metrics(long id, int ordinal, int attempt);

    /** A file of a cell's artifact, or of the latest successful cell of a step that is one cell. */
    Optional<Path> artifact(long id, int ordinal, String path);

    /** The score of each evaluated cell, as JSON, in the order of the cells; a cell that starts again has none. */
    List<String> scores(long id);

    /** What people asked of the run, oldest first. */
    List<Act> acts(long id);

    /** Cancels everything that has not ended. Running trainings stop within one step. No effect on an ended run. */
    void cancel(long id, String by);

    /**
     * Takes all cells that failed, were cancelled or skipped, and what depends on them, back to waiting.
     *
     * @return how many cells
     */
    int retryFailed(long id, String by);

    /**
     * Takes a cell that failed, was cancelled or skipped back to waiting, with what depends on it and with the failed
     * cells above it. It goes on from its checkpoint.
     *
     * @throws NotAllowed where it did not fail, naming its state
     */
    void retry(long id, int ordinal, String by);

    /** Runs any ended cell and what depends on it again, from scratch. */
    void rerun(long id, int ordinal, String by);

    record LogLine(long sequence, java.time.Instant at, String text) {}

    /** @param ordinal of a cell, or null */
    record Act(String verb, Integer ordinal, String by, java.time.Instant at) {}

    record MetricPoint(long step, double value) {}

    /** There is no such run or cell. */
    final class UnknownRun extends RuntimeException {
        public UnknownRun(String message) {
            super(message);
        }
    }

    /** The verb does not fit the state. */
    final class NotAllowed extends RuntimeException {
        public NotAllowed(String message) {
            super(message);
        }
    }
}
