package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program from the command line to the board. */
class RunIT {
    @TempDir
    Path home;

    @Test
    void runsASmallWorkflowToItsBoard() throws Exception {
        Program.Ended ended = Program.run(home, "run", "workflows/small.yaml");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("lora").contains("head-only").contains("tfidf-linear");
        assertThat(ended.err()).contains("tune 2/2");
        assertThat(Program.run(home, "board", "1", "--json").out()).startsWith("{");
    }

    @Test
    void finishesARunWhoseProcessWasKilledWhileItTrained() throws Exception {
        Program.Started first = Program.start(home, "run", "workflows/small.yaml", "--input", "epochs=30");
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> Files.readString(first.err()).contains("tokenize 1/1") && checkpoints());
        first.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        assertThat(first.ended().code()).isNotZero();

        Program.Ended watched = Program.run(home, "watch", "1");
        assertThat(watched.code()).as(watched.err()).isZero();
        assertThat(watched.out()).contains("lora");
    }

    @Test
    void cancelsOnInterruptKeepsACheckpointAndGoesOnWhenRetried() throws Exception {
        Program.Started first = Program.start(home, "run", "workflows/small.yaml", "--input", "epochs=30");
        await().atMost(Duration.ofMinutes(3)).until(this::checkpoints);
        first.signal("INT");
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.ended().code()).isEqualTo(130);
        assertThat(first.ended().err()).contains("a checkpoint is kept");
        assertThat(checkpoints()).isTrue();

        Program.Ended again = Program.run(home, "retry", "1");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).contains("lora");
    }

    @Test
    void isAClientOfTheServerThatOwnsTheHome() throws Exception {
        Program.Started server = Program.start(home, "serve");
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(server.err()).contains("Fewtune listens on"));
            Program.Ended ended = Program.run(home, "run", "workflows/small.yaml", "--input", "methods=head-only");
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.err()).contains("Using the server at http://127.0.0.1:");
            assertThat(ended.out()).contains("tfidf-linear");
            assertThat(Program.run(home, "runs").out()).contains("small").contains("SUCCEEDED");
            Program.Ended unknown = Program.run(home, "board", "77");
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.err()).contains("There is no run 77");
        } finally {
            server.signal("TERM");
            assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void namesTheProcessThatOwnsTheHomeWithoutBeingAServer() throws Exception {
        Program.Started first = Program.start(home, "run", "workflows/small.yaml", "--input", "epochs=30");
        await().atMost(Duration.ofMinutes(3)).until(this::checkpoints);
        Program.Ended second = Program.run(home, "runs");
        first.signal("INT");
        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err()).contains("process " + first.process().pid()).contains("FEWTUNE_HOME");
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void openToOtherMachinesOnlyWithAToken() throws Exception {
        Program.Started server = Program.start(home, java.util.Map.of("FEWTUNE_HOST", "0.0.0.0"), "serve");
        assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.ended().code()).isNotZero();
        assertThat(server.ended().err() + server.ended().out()).contains("FEWTUNE_TOKEN");
    }

    @Test
    void refusesAnInvalidFileWithAllItsProblemsAndCodeTwo() throws Exception {
        Path file = home.resolve("wrong.yaml");
        Files.writeString(file, """
                schema: fewtune/v1
                name: wrong
                steps:
                  tune:
                    uses: fine-tun
                    neds: [tokenize]
                """);
        Program.Ended ended = Program.run(home, "validate", file.toString());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("wrong.yaml:5:").contains("fine-tune").contains("wrong.yaml:6:");
        assertThat(ended.out()).isEmpty();
    }

    private boolean checkpoints() throws Exception {
        try (var files = Files.walk(home)) {
            return files.anyMatch(file -> file.endsWith("state.safetensors"));
        }
    }
}
