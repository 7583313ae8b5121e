package dev.fewtune.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.artifact.Manifest;
import dev.fewtune.artifact.Store;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.workflow.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Carries out one attempt of one cell. Never throws: the outcome is a row. */
public final class CellRunner {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCORE = "score.json";
    private final List<StepKind> kinds;
    private final Store store;
    private final Ending ending;
    private final Upstreams upstreams;
    private final HandOver handOver;
    private final Changes changes;
    private final Clock clock;
    private final Identity identity;

    CellRunner(
            List<StepKind> kinds,
            Store store,
            Ending ending,
            Upstreams upstreams,
            HandOver handOver,
            Changes changes,
            Clock clock,
            Identity identity) {
        this.kinds = List.copyOf(kinds);
        this.store = store;
        this.ending = ending;
        this.upstreams = upstreams;
        this.handOver = handOver;
        this.changes = changes;
        this.clock = clock;
        this.identity = identity;
    }

    public void run(CellRequest request) {
        if (!ending.start(request, identity.boot())) {
            return;
        }
        changes.tell(request.run());
        Ending.Outcome outcome;
        AttemptProgress progress = new AttemptProgress(request, clock, changes);
        try (progress) {
            outcome = attempt(request, progress);
        }
        ending.finish(request, outcome);
        changes.tell(request.run());
        handOver.fill();
    }

    private Ending.Outcome attempt(CellRequest request, AttemptProgress progress) {
        try {
            String name = request.run() + "-" + request.ordinal();
            Plan plan = upstreams.plan(request.run());
            Path out = store.draft(name + "-" + request.attempt());
            CellWork work = new CellWork(
                    request.run(),
                    request.attempt(),
                    plan.cells().get(request.ordinal()),
                    plan.tasks(),
                    upstreams.of(plan, request.run(), request.ordinal()),
                    out,
                    store.kept(name),
                    progress);
            kind(work.cell().kind()).execute(work);
            String score = Files.exists(out.resolve(SCORE)) ? Files.readString(out.resolve(SCORE)) : null;
            Manifest manifest = store.commit(out);
            return new Ending.Outcome(CellState.SUCCEEDED, null, null, null, JSON.writeValueAsString(manifest), score);
        } catch (CancelledException cancelled) {
            return new Ending.Outcome(CellState.CANCELLED, null, "Cancelled on request.", null, null, null);
        } catch (Exception | OutOfMemoryError failed) {
            progress.log("Failed: " + failed);
            return failure(failed);
        }
    }

    private StepKind kind(String name) {
        return kinds.stream()
                .filter(kind -> kind.spec().kind().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours("This worker has no step kind %s.", name));
    }

    private static Ending.Outcome failure(Throwable thrown) {
        Cause cause = cause(thrown);
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        if (cause == Cause.OURS) {
            message = "A bug of Fewtune: " + thrown;
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return new Ending.Outcome(CellState.FAILED, cause, message, trace.toString(), null, null);
    }

    private static Cause cause(Throwable thrown) {
        if (thrown instanceof CellFailure known) {
            return known.kind();
        }
        if (thrown instanceof OutOfMemoryError || thrown instanceof FileSystemException) {
            return Cause.RESOURCE;
        }
        if (thrown instanceof JsonProcessingException) {
            return Cause.OURS;
        }
        if (thrown instanceof IOException io) {
            return String.valueOf(io.getMessage()).contains("No space left") ? Cause.RESOURCE : Cause.TRANSIENT;
        }
        return thrown instanceof UncheckedIOException unchecked ? cause(unchecked.getCause()) : Cause.OURS;
    }
}
