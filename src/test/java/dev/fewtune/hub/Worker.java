package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Another process that opens hf:acme/tiny; prints its log and, at the end, what it got. */
final class Worker {
    private Worker() {}

    public static void main(String[] arguments) {
        Local local = TinyModel.models(URI.create(arguments[0]), Path.of(arguments[1]))
                .open(TinyModel.id("hf:acme/tiny"), new Spoken());
        System.out.println(local);
    }

    static Process start(URI endpoint, Path cache) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        endpoint.toString(),
                        cache.toString())
                .redirectErrorStream(true)
                .start();
    }

    private record Spoken() implements Progress {
        @Override
        public void at(long done, long total) {}

        @Override
        public void log(String line) {
            System.out.println(line);
        }

        @Override
        public void metric(String name, long step, double value) {}

        @Override
        public void check() {}
    }
}
