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
