package dev.fewtune.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The largest resident set of this process among the samples that were taken; 0 where the system does not tell. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private long peak;

    void sample() {
        peak = Math.max(peak, resident());
    }

    long peakBytes() {
        return peak;
    }

    private static long resident() {
        if (Files.notExists(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
