package dev.fewtune.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident set of this process, sampled while a training runs; 0 where the system does not tell. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private long peak;

    void sample() {
        peak = Math.max(peak, residentBytes());
    }

    long peakBytes() {
        return peak;
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }
}
