package dev.fewtune.step;

import dev.fewtune.leaderboard.Origin;
import dev.fewtune.train.EngineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The machine that this process runs on, for the record. */
final class Machine {
    static final String FILE = "origin.json";
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** @param fewtune version of this program */
    static Origin origin(String fewtune) {
        EngineCheck.Facts engine = EngineCheck.HERE.facts();
        return origin(fewtune, engine.version(), engine.gpu());
    }

    /** Of work that TensorFlow had no part in. */
    static Origin withoutEngine(String fewtune) {
        return origin(fewtune, "", false);
    }

    private static Origin origin(String fewtune, String tensorflow, boolean gpu) {
        return new Origin(
                fewtune,
                tensorflow,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                processor().orElse(""),
                gpu);
    }

    private static Optional<String> processor() {
        if (Files.notExists(PROCESSORS)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(PROCESSORS).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException untold) {
            return Optional.empty();
        }
    }
}
