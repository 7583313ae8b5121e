package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every workflow that is shipped or shown is run, on few examples, through one server. */
class ShippedIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    private static final String PRETRAINING = "pretrain-tiny-t5.yaml";

    /** Those that need data or a model of the user's. */
    private static final Set<String> NEEDS_OWN = Set.of(PRETRAINING, "peft-benchmark-t5.yaml");

    private static final Map<String, String> SHOWN = Map.of(
            "transfer-spot.yaml", "spot-best",
            "transfer-attempt.yaml", "attempt",
            "transfer-mpt.yaml", "mpt-untaught",
            "multitask-hyperformer.yaml", "hyperformer",
            "few-shot.yaml", "spot");

    private static final List<String> TRANSFERS =
            SHOWN.keySet().stream().sorted().toList();

    @TempDir
    static Path folder;

    private static Path home;
    private static Path data;
    private static Program.Started server;

    @BeforeAll
    static void serve() throws IOException {
        home = folder.resolve("home");
        data = Files.createDirectories(folder.resolve("mine"));
        server = Program.start(home, Map.of("FEWTUNE_DATA_ROOTS", data.toString()), "serve");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Files.readString(server.err()).contains("Fewtune listens on"));
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        server.signal("TERM");
        if (!server.process().waitFor(30, TimeUnit.SECONDS)) {
            server.process().destroyForcibly();
        }
    }

    @Test
    void runsTheShippedPretrainingAndTakesTheModelThatItMakes() throws Exception {
        Path text = Files.createDirectories(data.resolve("text"));
        Files.writeString(text.resolve("fox.txt"), "The quick brown fox jumps over the lazy dog.\n".repeat(2000));
        Path into = data.resolve("tiny-t5");
        Program.Ended made = run("workflows/" + PRETRAINING, List.of("text=" + text, "into=" + into, "steps=2"));
        assertThat(made.code()).as(made.err()).isZero();

        String tasks = blocks("tasks:").get(0);
        Path own = own(data.resolve("with-t5"), tasks);
        Files.writeString(
                own, Files.readString(own).replace("minilm-l6", "../tiny-t5").replace("[head-only]", "[lora]"));
        Program.Ended tuned = run(own.toString(), List.of());
        assertThat(tuned.code()).as(tuned.err()).isZero();
        assertThat(tuned.out()).contains("tiny-t5 on reviews");

        String worded = blocks("tasks:").get(1).replace("neg: ", "animal: ").replace("pos: ", "plant: ");
        Files.writeString(own, Files.readString(own).replace(tasks, worded));
        Program.Ended wrote = run(own.toString(), List.of());
        assertThat(wrote.code()).as(wrote.err()).isZero();
        assertThat(wrote.out()).contains("tiny-t5 on reviews");
    }

    @Test
    void runsEveryShippedWorkflow() throws Exception {
        for (String name : shipped()) {
            if (TRANSFERS.contains(name)) {
                continue;
            }
            Program.Ended ended = run(
                    "workflows/" + name,
                    name.equals("small.yaml")
                            ? List.of("methods=lora")
                            : List.of("methods=lora", "seeds=1", "train=64", "validation=32", "test=32"));
            assertThat(ended.code()).as(name + ": " + ended.err()).isZero();
            assertThat(ended.out())
                    .as(name)
                    .contains("lora")
                    .contains("head-only †")
                    .contains("tfidf-linear †");
        }
    }

    @Test
    void runsTheShippedTransfersInSmallForms() throws Exception {
        for (String name : TRANSFERS) {
            List<String> inputs =
                    new ArrayList<>(List.of("seeds=1", "epochs=1", "train=64", "validation=32", "test=32"));
            if (name.equals("few-shot.yaml")) {
                inputs = new ArrayList<>(List.of("shots=4", "draws=1,2", "epochs=2", "full-epochs=1", "length=4"));
                inputs.addAll(List.of(
                        "sources=wordnet-verb-supersense", "methods=spot", "train=64", "validation=32", "test=32"));
            } else if (name.equals("multitask-hyperformer.yaml")) {
                inputs.addAll(List.of("methods=hyperformer", "tasks=wordnet-verb-supersense,wordnet-hypernym"));
            } else {
                inputs.addAll(List.of("length=4", "sources=wordnet-verb-supersense,wordnet-hypernym"));
            }
            Program.Ended ended = run("workflows/" + name, inputs);
            assertThat(ended.code()).as(name + ": " + ended.err()).isZero();
            assertThat(ended.out()).as(name).contains("head-only †").contains(SHOWN.get(name));
        }
    }

    @Test
    void runsTheWorkflowOfTheReadme() throws Exception {
        Path file =
                Files.writeString(data.resolve("first.yaml"), blocks("schema:").get(0));

        Program.Ended ended = run(file.toString(), List.of("seeds=1,2", "train=64", "test=64"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("bitfit").contains("vs lora-big").contains("64 train");
    }

    @Test
    void runsOnTheOwnDataThatTheReadmeShowsWhereTheServerMayReadThem() throws Exception {
        String tasks = blocks("tasks:").get(0);
        Program.Ended allowed = run(own(data, tasks).toString(), List.of());
        assertThat(allowed.code()).as(allowed.err()).isZero();
        assertThat(allowed.err()).contains("Using the server at");
        assertThat(allowed.out()).contains("minilm-l6 on reviews").contains("Validation was cut from train");

        Path elsewhere = folder.resolve("elsewhere");
        Program.Ended refused = run(own(elsewhere, tasks).toString(), List.of());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("own.yaml:5:")
                .contains("Maybe: start the server with FEWTUNE_DATA_ROOTS=" + elsewhere);
    }

    private static Path own(Path where, String tasks) throws IOException {
        return new OwnData(Files.createDirectories(where))
                .write(OwnData.GOOD_TEST)
                .workflow("own", tasks, "[head-only]", OwnData.BOARD);
    }

    private static Program.Ended run(String file, List<String> inputs) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", file));
        for (String input : inputs) {
            arguments.addAll(List.of("--input", input));
        }
        return Program.run(home, arguments.toArray(String[]::new));
    }

    private static List<String> shipped() throws IOException {
        try (var files = Files.list(Path.of("workflows"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml") && !NEEDS_OWN.contains(name))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> blocks(String start) throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(block -> block.startsWith(start))
                .toList();
        assertThat(blocks).as("blocks of the README that begin with " + start).isNotEmpty();
        return blocks;
    }
}
