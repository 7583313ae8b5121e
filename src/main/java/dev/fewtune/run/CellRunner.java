package dev.fewtune.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.artifact.Manifest;
import dev.fewtune.artifact.Store;
import dev.fewtune.db.Tx;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.workflow.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries out one attempt of one cell. Never throws: the outcome is a row. */
public final class CellRunner {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCORE = "score.json";
    private static final int MOST_TRIES = 900;
    private static final long PAUSE_MILLIS = 1000;
    private final List<StepKind> kinds;
    private final Store store;
    private final Ending ending;
    private final Upstreams upstreams;
    private final HandOver handOver;
    private final Changes changes;
    private final Clock clock;
    private final Identity identity;
    private final Set<CellRequest> active = ConcurrentHashMap.newKeySet();

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
        if (!active.add(request)) {
            return;
        }
        try {
            if (ending.start(request, identity.boot())) {
                changes.tell(request.run());
                AttemptProgress progress = new AttemptProgress(request, clock, changes);
                end(request, progress, attempt(request, progress));
                changes.tell(request.run());
            }
        } finally {
            active.remove(request);
        }
        handOver.fill();
    }

    /** Whether this process is carrying an attempt out. */
    boolean carries(CellRequest request) {
        return active.contains(request);
    }

    /** Writes how an attempt ended. A database that is away for some minutes must not cost the work of hours. */
    private void end(CellRequest request, AttemptProgress progress, Ending.Outcome outcome) {
        for (int tries = 1; ; tries++) {
            // JobRunr interrupts its threads when the database is away; that was meant for the work, not for this.
            Thread.interrupted();
            try {
                progress.close();
                ending.finish(request, outcome);
                return;
            } catch (RuntimeException failed) {
                if (tries == MOST_TRIES || !Tx.mayPass(failed)) {
                    throw failed;
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException again) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Ending.Outcome attempt(CellRequest request, AttemptProgress progress) {
        try {
            String name = request.run() + "-" + request.ordinal();
            if (request.attempt() == 1) {
                // Left by a run of the same number in a database that is no more.
                store.forget(name);
            }
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
        if (cause == Cause.INFRA) {
            message = "The worker could not go on: " + thrown;
        }
        if (cause == Cause.OURS) {
            message = "A bug of Fewtune: " + thrown;
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return new Ending.Outcome(CellState.FAILED, cause, message, trace.toString(), null, null);
    }

    private static boolean interrupted(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    private static Cause cause(Throwable thrown) {
        if (thrown instanceof CellFailure known) {
            return known.kind();
        }
        if (interrupted(thrown) || Tx.mayPass(thrown)) {
            return Cause.INFRA;
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
