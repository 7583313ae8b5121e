package dev.fewtune.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** Tells listeners in this process that a run changed. */
public final class Changes {
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

    /** @return undoes the listening */
    public AutoCloseable listen(LongConsumer listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public void tell(long run) {
        listeners.forEach(listener -> listener.accept(run));
    }
}
