package dev.fewtune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the packaged program as a user would. */
final class Program {
    /** Native libraries and converted weights, which cost each fresh home half a minute. */
    private static final Path CACHE = Path.of("target/it-cache").toAbsolutePath();

    static final Path JAR = Path.of(System.getProperty("fewtune.jar", "target/quarkus-app/quarkus-run.jar"));

    /** @param code exit code */
    record Ended(int code, String out, String err) {}

    private Program() {}

    static Ended run(Path home, String... arguments) throws IOException, InterruptedException {
        return run(home, Map.of(), arguments);
    }

    static Ended run(Path home, Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        Started started = start(home, settings, arguments);
        if (!started.process().waitFor(8, TimeUnit.MINUTES)) {
            started.process().destroyForcibly();
            throw new IllegalStateException("Still running after 8 minutes: " + Files.readString(started.err()));
        }
        return started.ended();
    }

    static Started start(Path home, String... arguments) throws IOException {
        return start(home, Map.of(), arguments);
    }

    /** @param settings environment variables on top of a home folder, a shared cache and a free port */
    static Started start(Path home, Map<String, String> settings, String... arguments) throws IOException {
        Files.createDirectories(home);
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("FEWTUNE_HOME", home.toString());
        builder.environment().put("FEWTUNE_CACHE_DIR", CACHE.toString());
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        builder.environment().putAll(settings);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        return new Started(builder.start(), out, err);
    }

    record Started(Process process, Path out, Path err) {
        /** @param name such as INT */
        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        Ended ended() throws IOException {
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }
}
