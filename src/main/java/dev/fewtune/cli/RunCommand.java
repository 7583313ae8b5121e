package dev.fewtune.cli;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import dev.fewtune.step.Aggregate;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/** Runs a workflow and waits for its board. */
record RunCommand(PrintStream out, PrintStream err) {

    int run(Door door, Submission submission, Format format) throws InterruptedException {
        long id = door.submit(submission);
        err.printf(
                "Run %d of %s: %,d cells.%n",
                id, submission.plan().name(), submission.plan().cells().size());
        return follow(door, id, format);
    }

    /** Watches a run; Ctrl-C cancels it and waits until its trainings have stopped. */
    int follow(Door door, long id, Format format) throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        Signal.handle(new Signal("INT"), signal -> {
            interrupted.set(true);
            err.println("\nCancelling; a checkpoint is kept.");
            door.cancel(id);
        });
        boolean terminal = ProcessSettings.standardErrorIsTerminal();
        RunView ended = new Watch(door, err, terminal, Clock.systemUTC()).untilEnded(id);
        tellFailures(door, ended);
        boolean succeeded = ended.state() == RunState.SUCCEEDED;
        if (succeeded || (ended.state() == RunState.FAILED && hasBoard(ended))) {
            out.print(door.board(id, format));
        }
        if (succeeded) {
            return Commands.DONE;
        }
        return interrupted.get() ? Commands.INTERRUPTED : Commands.FAILED;
    }

    /** A board may stand although cells have failed. */
    private static boolean hasBoard(RunView run) {
        return run.steps().stream()
                .filter(step -> step.kind().equals(Aggregate.SPEC.kind()))
                .anyMatch(step -> step.counts().entrySet().stream()
                        .anyMatch(count -> count.getKey().usable() && count.getValue() > 0));
    }

    private void tellFailures(Door door, RunView run) {
        if (run.state() != RunState.FAILED) {
            return;
        }
        for (CellView cell : door.failed(run.id())) {
            err.printf("%s failed (%s): %s%n", cell.key(), cell.cause(), cell.message());
        }
        err.printf("Mend the cause, then: retry %d%n", run.id());
    }
}
