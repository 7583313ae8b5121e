package dev.fewtune.run;

import dev.fewtune.artifact.Store;
import java.time.Clock;
import java.util.List;

/**
 * The parts of this room, put together.
 *
 * @param runs the door for people
 * @param runner carries out attempts
 * @param leases who lives
 * @param handOver puts ready cells into the queue; to be called every second
 * @param reconcile finds cells whose job is gone; to be called every few seconds
 * @param tidy removes what need not be kept; to be called after the start and every hour
 */
public record RunRoom(
        Runs runs, CellRunner runner, Leases leases, Runnable handOver, Runnable reconcile, Runnable tidy) {
    /**
     * @param lightSlots and {@code deviceSlots} of this process; 0 where it runs no cells
     * @param keepDays how long log lines stay after the end of their run, at least 1
     */
    public static RunRoom of(
            List<StepKind> kinds,
            Store store,
            Hands hands,
            Changes changes,
            Clock clock,
            Identity identity,
            int lightSlots,
            int deviceSlots,
            int keepDays) {
        Ending ending = new Ending(clock);
        HandOver handOver = new HandOver(hands, clock);
        Plans plans = new Plans();
        Upstreams upstreams = new Upstreams(store);
        Submitting submitting =
                new Submitting(clock, kinds.stream().map(StepKind::spec).toList());
        CellRunner runner =
                new CellRunner(kinds, new Folders(store), ending, plans, upstreams, handOver, changes, clock, identity);
        return new RunRoom(
                new StoredRuns(submitting, new Verbs(clock), handOver, plans, upstreams, changes, clock),
                runner,
                new Leases(
                        identity, lightSlots, deviceSlots, ending, handOver, runner::carries, clock, System::nanoTime),
                handOver::fill,
                handOver::reconcile,
                new Retention(store, clock, keepDays)::tidy);
    }
}
