package dev.fewtune.hub;

import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Keeps what it is told, and cancels once so many bytes have come. */
final class Heard implements Progress {
    final List<String> lines = new CopyOnWriteArrayList<>();
    final List<Long> done = new CopyOnWriteArrayList<>();
    final List<Long> totals = new CopyOnWriteArrayList<>();
    final CountDownLatch waits = new CountDownLatch(1);
    private final long most;

    Heard() {
        this(Long.MAX_VALUE);
    }

    /** @param most bytes before it cancels */
    Heard(long most) {
        this.most = most;
    }

    @Override
    public void at(long bytes, long total) {
        done.add(bytes);
        totals.add(total);
    }

    @Override
    public void log(String line) {
        lines.add(line);
        if (line.contains("waiting for it")) {
            waits.countDown();
        }
    }

    @Override
    public void metric(String name, long step, double value) {}

    @Override
    public void check() {
        if (!done.isEmpty() && done.get(done.size() - 1) >= most) {
            throw new CancelledException();
        }
    }
}
