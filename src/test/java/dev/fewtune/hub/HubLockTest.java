package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several workers with one cache folder. */
class HubLockTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path cache;

    private final CountDownLatch gate = new CountDownLatch(1);
    private LoopbackHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new LoopbackHub();
        hub.push("main", TinyModel.COMMIT, TinyModel.files());
    }

    @AfterEach
    void stop() {
        gate.countDown();
        hub.close();
    }

    @Test
    void fetchesOnceForTwoThreads() {
        hub.plan(TinyModel.WEIGHTS, Served.heldBack(gate));
        CompletableFuture<Local> first = CompletableFuture.supplyAsync(() -> open(Progress.SILENT));
        await().atMost(PATIENCE)
                .until(() -> hub.seen("store", TinyModel.WEIGHTS).size() == 1);
        Heard heard = new Heard();
        CompletableFuture<Local> second = CompletableFuture.supplyAsync(() -> open(heard));
        await().atMost(PATIENCE).until(() -> heard.waits.getCount() == 0);
        assertThat(second).isNotDone();
        gate.countDown();
        assertThat(second.join()).isEqualTo(first.join());
        assertFetchedOnce();
        assertThat(heard.lines)
                .containsExactly("Another worker is fetching hf:acme/tiny@" + TinyModel.COMMIT + "; waiting for it.");
    }

    @Test
    void fetchesOnceForTwoProcesses() throws IOException {
        hub.plan(TinyModel.WEIGHTS, Served.heldBack(gate));
        CompletableFuture<Local> first = CompletableFuture.supplyAsync(() -> open(Progress.SILENT));
        await().atMost(PATIENCE)
                .until(() -> hub.seen("store", TinyModel.WEIGHTS).size() == 1);
        Process worker = Worker.start(hub.endpoint(), cache);
        try (BufferedReader said = worker.inputReader()) {
            assertThat(said.readLine()).contains("waiting for it");
            gate.countDown();
            assertThat(said.readLine()).isEqualTo(first.join().toString());
        } finally {
            worker.destroyForcibly();
        }
        assertFetchedOnce();
    }

    @Test
    void goesOnWhereAKilledProcessStopped() throws Exception {
        hub.plan(TinyModel.WEIGHTS, Served.silentAfter(100_000, gate));
        Process worker = Worker.start(hub.endpoint(), cache);
        try {
            await().atMost(PATIENCE).until(() -> arrived() == 100_000);
        } finally {
            worker.destroyForcibly().waitFor();
        }
        assertThat(open(Progress.SILENT).folder().resolve(TinyModel.WEIGHTS))
                .hasBinaryContent(TinyModel.files().get(TinyModel.WEIGHTS));
        assertThat(hub.seen("store", TinyModel.WEIGHTS))
                .extracting(LoopbackHub.Seen::range)
                .isEqualTo(List.of("", "bytes=100000-"));
    }

    @Test
    void canBeCancelledWhileItWaitsForAnother() {
        hub.plan(TinyModel.WEIGHTS, Served.heldBack(gate));
        CompletableFuture<Local> first = CompletableFuture.supplyAsync(() -> open(Progress.SILENT));
        await().atMost(PATIENCE)
                .until(() -> hub.seen("store", TinyModel.WEIGHTS).size() == 1);
        assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> {
            Heard heard = new Heard();
            open(new CancelledOnce(heard, () -> heard.waits.getCount() == 0));
        });
        gate.countDown();
        assertThat(first.join().hash()).isEqualTo(TinyModel.COMMIT);
        assertFetchedOnce();
    }

    @Test
    void canBeCancelledWhileTheServerIsSilent() {
        Heard heard = new Heard();
        hub.plan(LoopbackHub.LISTING, Served.heldBack(gate));
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> open(new CancelledOnce(heard, () -> hub.seen().size() == 1)));
        hub.plan(TinyModel.WEIGHTS, Served.silentAfter(5_000, gate));
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> open(new CancelledOnce(heard, () -> arrived() == 5_000)));
        assertThat(heard.lines).noneMatch(line -> line.contains("Trying again"));
    }

    private Local open(Progress progress) {
        return TinyModel.models(hub.endpoint(), cache).open(TinyModel.id("hf:acme/tiny"), progress);
    }

    private long arrived() {
        return TinyModel.folder(cache)
                .resolve(TinyModel.WEIGHTS + ".part")
                .toFile()
                .length();
    }

    private void assertFetchedOnce() {
        assertThat(hub.seen("store", TinyModel.WEIGHTS)).hasSize(1);
        assertThat(hub.seen("hub", "config.json")).hasSize(1);
    }

    /** Hands on what it is told, and cancels once something has happened. */
    private record CancelledOnce(Progress heard, BooleanSupplier happened) implements Progress {
        @Override
        public void at(long done, long total) {
            heard.at(done, total);
        }

        @Override
        public void log(String line) {
            heard.log(line);
        }

        @Override
        public void metric(String name, long step, double value) {}

        @Override
        public void check() {
            if (happened.getAsBoolean()) {
                throw new CancelledException();
            }
        }
    }
}
