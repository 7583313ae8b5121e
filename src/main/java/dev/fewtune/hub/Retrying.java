package dev.fewtune.hub;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tries again what a passing fault of the network stopped, a bounded number of times. */
final class Retrying {
    /** A connection that is often cut, but brings this much each time, is borne with. */
    private static final long GAIN = 1 << 20;

    private final HubSettings settings;

    Retrying(HubSettings settings) {
        this.settings = settings;
    }

    /** Work in which an IOException is a fault of the network. */
    interface Attempt<T> {
        T make() throws IOException;
    }

    <T> T run(String what, Progress progress, Attempt<T> attempt) {
        return run(what, () -> 0, progress, attempt);
    }

    /**
     * @param reached bytes that are safe; tries that gained a mebibyte are not counted
     * @throws CellFailure with cause TRANSIENT and the last fault, after the last try
     */
    <T> T run(String what, LongSupplier reached, Progress progress, Attempt<T> attempt) {
        Patience patience = settings.patience();
        long mark = reached.getAsLong();
        int failures = 0;
        while (true) {
            try {
                return attempt.make();
            } catch (IOException fault) {
                long now = reached.getAsLong();
                if (now - mark >= GAIN) {
                    mark = now;
                    failures = 0;
                }
                failures++;
                if (failures >= patience.tries()) {
                    throw failure(what, failures, fault);
                }
                Duration pause = patience.after(failures, PassingFault.askedWait(fault));
                progress.log("%s: %s. Trying again in %s s (%s of %s)."
                        .formatted(
                                what, Wire.reason(fault), pause.toMillis() / 1000.0, failures + 1, patience.tries()));
                Waiting.pause(pause, progress);
            }
        }
    }

    private CellFailure failure(String what, int tries, IOException fault) {
        return new CellFailure(
                Cause.TRANSIENT,
                "%s could not be fetched from %s: %s (%s tries). Maybe try later; what has come is kept. "
                                .formatted(what, settings.endpoint(), Wire.reason(fault), tries)
                        + "Where the machine has no network, %s=1 takes models from the cache folder alone."
                                .formatted(HubSettings.OFFLINE),
                fault);
    }
}
