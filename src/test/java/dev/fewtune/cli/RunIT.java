package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program from the command line to the board. */
class RunIT {
    @TempDir
    Path home;

    @Test
    void runsASmallWorkflowToItsBoard() throws Exception {
        // A locale without UTF-8 must not cost a character.
        Program.Ended ended = Program.run(home, Map.of("LC_ALL", "C"), "run", "workflows/small.yaml");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("lora")
                .contains("head-only †")
                .contains("tfidf-linear")
                .contains("─────");
        assertThat(ended.err()).contains("tune 2/2");
        assertThat(Program.run(home, "board", "1", "--json").out()).startsWith("{");
    }

    @Test
    void finishesARunWhoseProcessWasKilledWhileItTrained() throws Exception {
        Program.Started first = Program.start(home, "run", "workflows/small.yaml", "--input", "epochs=6");
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> Files.readString(first.err()).contains("tokenize 1/1") && checkpoints());
        first.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        assertThat(first.ended().code()).isNotZero();

        // Who only looks does not go on with it.
        assertThat(Program.run(home, "runs").out()).contains("small").contains("RUNNING");
        assertThat(Logs.ofTraining(home)).hasSize(1);

        Program.Ended watched = Program.run(home, "watch", "1");
        assertThat(watched.code()).as(watched.err()).isZero();
        assertThat(watched.out()).contains("lora");
        assertThat(Logs.ofTraining(home)).hasSize(2);
        assertThat(Logs.ofTraining(home).get(1)).contains("Goes on from step");
    }

    @Test
    void cancelsOnInterruptKeepsACheckpointAndGoesOnWhenRetried() throws Exception {
        Program.Started first = Program.start(home, "run", "workflows/small.yaml", "--input", "epochs=6");
        await().atMost(Duration.ofMinutes(3)).until(this::checkpoints);
        first.signal("INT");
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.ended().code()).isEqualTo(130);
        assertThat(first.ended().err()).contains("a checkpoint is kept");
        assertThat(checkpoints()).isTrue();

        Program.Ended again = Program.run(home, "retry", "1");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).contains("lora");
        assertThat(Logs.ofTraining(home)).hasSize(2);
        assertThat(Logs.ofTraining(home).get(1)).contains("Goes on from step");
    }

    @Test
    void failsOnDataThatAreWrongAndGoesOnWithOneCellOnceTheyAreMended() throws Exception {
        OwnData own = new OwnData(home).write(OwnData.GOOD_TEST + "granite is hard\tstone\n");
        String file =
                own.workflow("own", OwnData.TASKS, "[head-only]", OwnData.BOARD).toString();
        Program.Ended failed = Program.run(home, "run", file);
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .contains("failed (YOURS): test.tsv:4: the label (stone) is not known.")
                .contains("retry 1");
        assertThat(failed.out()).isEmpty();

        Program.Ended unknown = Program.run(home, "board", "77");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("There is no run 77.").doesNotContain("\tat ");
        Program.Ended succeeded = Program.run(home, "retry", "1", "--cell", "0");
        assertThat(succeeded.code()).isEqualTo(1);
        assertThat(succeeded.err()).contains("tokenize[task=reviews]").contains("SUCCEEDED");

        own.write(OwnData.GOOD_TEST);
        Program.Ended mended = Program.run(home, "retry", "1", "--cell", "2");
        assertThat(mended.code()).as(mended.err()).isZero();
        assertThat(mended.out()).contains("head-only").contains("Validation was cut from train");
    }

    @Test
    void printsTheScoresSoFarWhereNoStepMakesABoardAndTheBoardThatAFailedRunHas() throws Exception {
        OwnData own = new OwnData(home).write(OwnData.GOOD_TEST);
        Program.Ended plain = Program.run(
                home,
                "run",
                own.workflow("plain", OwnData.TASKS, "[head-only]", "").toString(),
                "--format",
                "markdown");
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.out()).startsWith("### minilm-l6 on reviews").contains("| head-only †");

        Program.Ended failed = Program.run(
                home,
                "run",
                own.workflow(
                                "half",
                                OwnData.TASKS,
                                "[head-only, {big: {method: lora, rank: 500}}]",
                                OwnData.BOARD + "    allow-failed: true\n")
                        .toString());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("tune[method=big,task=reviews,seed=1] failed");
        assertThat(failed.out()).contains("head-only †").contains("tfidf-linear");
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
            Program.Ended second = Program.run(home, "serve");
            assertThat(second.code()).isEqualTo(2);
            assertThat(second.err())
                    .contains("belongs to process " + server.process().pid())
                    .contains("FEWTUNE_HOME");
        } finally {
            server.signal("TERM");
            assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void namesTheProcessThatOwnsTheHomeWithoutBeingAServer() throws Exception {
        Program.Started first = Program.start(home, "run", "workflows/small.yaml", "--input", "epochs=20");
        await().atMost(Duration.ofMinutes(3)).until(this::checkpoints);
        Program.Ended second = Program.run(home, "runs");
        first.signal("INT");
        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err()).contains("process " + first.process().pid()).contains("FEWTUNE_HOME");
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysInOneSentenceWhyItDoesNotStart() throws Exception {
        assertRefuses(Map.of("FEWTUNE_ROLE", "bad"), "FEWTUNE_ROLE (bad) must be one of all, web, worker.");
        assertRefuses(Map.of("FEWTUNE_HOME", "/dev/null/home"), "The home folder /dev/null/home cannot be written");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertRefuses(
                    Map.of("QUARKUS_HTTP_PORT", port),
                    "The port %s is in use by another process. Maybe set QUARKUS_HTTP_PORT".formatted(port));
        }
        Program.Ended command = Program.run(home, Map.of("FEWTUNE_DEVICE_SLOTS", "0"), "run", "workflows/small.yaml");
        assertThat(command.code()).isNotZero();
        assertThat(command.err().lines()).hasSize(1).allMatch(line -> line.startsWith("FEWTUNE_DEVICE_SLOTS (0) must"));
    }

    private void assertRefuses(Map<String, String> settings, String sentence) throws Exception {
        Program.Ended ended = Program.run(home, settings, "serve");
        assertThat(ended.code()).isNotZero();
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).hasSize(1).allMatch(line -> line.startsWith(sentence));
    }

    @Test
    void openToOtherMachinesOnlyWithAToken() throws Exception {
        Program.Started server = Program.start(home, Map.of("FEWTUNE_HOST", "0.0.0.0"), "serve");
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
