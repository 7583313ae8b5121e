package dev.fewtune.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.artifact.Manifest;
import dev.fewtune.db.Tx;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.workflow.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Carries out one attempt of one cell. Never throws: the outcome is a row. */
public final class CellRunner {
    private static final System.Logger LOG = System.getLogger(CellRunner.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCORE = "score.json";
    private static final int MOST_TRIES = 900;
    private static final long PAUSE_MILLIS = 1000;
    private final List<StepKind> kinds;
    private final Folders folders;
    private final Ending ending;
    private final Plans plans;
    private final Upstreams upstreams;
    private final HandOver handOver;
    private final Changes changes;
    private final Clock clock;
    private final Identity identity;
    private final Set<CellRequest> active = ConcurrentHashMap.newKeySet();

    CellRunner(
            List<StepKind> kinds,
            Folders folders,
            Ending ending,
            Plans plans,
            Upstreams upstreams,
            HandOver handOver,
            Changes changes,
            Clock clock,
            Identity identity) {
        this.kinds = List.copyOf(kinds);
        this.folders = folders;
        this.ending = ending;
        this.plans = plans;
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
            OptionalInt freshFrom = ending.start(request, identity.boot());
            if (freshFrom.isPresent()) {
                carryOut(request, freshFrom.getAsInt());
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

    private void carryOut(CellRequest request, int freshFrom) {
        changes.tell(request.run());
        AttemptProgress progress = new AttemptProgress(request, clock, changes);
        Ending.Outcome outcome = attempt(request, freshFrom, progress);
        boolean current = end(request, progress, outcome);
        folders.leave(request, freshFrom, current && outcome.state().usable());
        changes.tell(request.run());
    }

    private Ending.Outcome attempt(CellRequest request, int freshFrom, AttemptProgress progress) {
        try {
            Plan plan = plans.of(request.run());
            Path out = folders.draft(request);
            CellWork work = new CellWork(
                    request.run(),
                    request.attempt(),
                    plan.cells().get(request.ordinal()),
                    plan.tasks(),
                    upstreams.of(plan, request.run(), request.ordinal()),
                    out,
                    folders.checkpoints(request, freshFrom),
                    progress);
            kind(work.cell().kind()).execute(work);
            String score = Files.exists(out.resolve(SCORE)) ? Files.readString(out.resolve(SCORE)) : null;
            Manifest manifest = folders.store().commit(out);
            return new Ending.Outcome(CellState.SUCCEEDED, null, null, null, JSON.writeValueAsString(manifest), score);
        } catch (CancelledException cancelled) {
            return new Ending.Outcome(CellState.CANCELLED, null, "Cancelled on request.", null, null, null);
        } catch (Throwable failed) {
            // Errors too: a missing native library must end its cell, not lose it.
            return Diagnosis.of(failed);
        }
    }

    private StepKind kind(String name) {
        return kinds.stream()
                .filter(kind -> kind.spec().kind().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours("This worker has no step kind %s.", name));
    }

    /** @return whether the attempt was still the current one */
    private boolean end(CellRequest request, AttemptProgress progress, Ending.Outcome outcome) {
        if (outcome.cause() != null) {
            progress.add("Failed: " + outcome.message());
        }
        try {
            patiently(() -> {
                progress.close();
                return true;
            });
        } catch (RuntimeException refused) {
            // How it ended counts more than the last lines of its log.
            LOG.log(System.Logger.Level.WARNING, "The log of " + request + " could not be written.", refused);
        }
        return patiently(() -> ending.finish(request, outcome));
    }

    /** Writes what must not be lost. A database that is away for some minutes must not cost the work of hours. */
    private static boolean patiently(BooleanSupplier write) {
        for (int tries = 1; ; tries++) {
            // JobRunr interrupts its threads when the database is away; that was meant for the work, not for this.
            Thread.interrupted();
            try {
                return write.getAsBoolean();
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
}
