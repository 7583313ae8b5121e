package dev.fewtune.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How busy processes other than ours kept the machine for a while. */
final class OthersLoad {
    /** Of the times in /proc/stat, in hundredths of a second on Linux. */
    private static final double TICKS = 100;

    private static final int IDLE = 4;
    private static final int WAITING = 5;

    private final List<ProcessHandle> ours;
    private final long began = System.nanoTime();
    private final double busy = busy();
    private final double used;

    private OthersLoad(List<ProcessHandle> ours) {
        this.ours = ours;
        this.used = used(ours);
    }

    /** @param other a process that works for us, beside this one */
    static OthersLoad begin(ProcessHandle other) {
        return new OthersLoad(
                List.of(ProcessHandle.current(), other).stream().distinct().toList());
    }

    /** Share of all processors since the beginning, in [0, 1]. */
    double share() {
        double seconds = (System.nanoTime() - began) / 1e9;
        double others = busy() - busy - (used(ours) - used);
        return Math.max(0, others / seconds / Runtime.getRuntime().availableProcessors());
    }

    private static double used(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToDouble(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3)
                .sum();
    }

    private static double busy() {
        try {
            String[] times = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+");
            double ticks = 0;
            for (int i = 1; i < times.length - 2; i++) {
                ticks += i == IDLE || i == WAITING ? 0 : Long.parseLong(times[i]);
            }
            return ticks / TICKS;
        } catch (IOException e) {
            return 0;
        }
    }
}
