package dev.fewtune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps from the user's files to the board. */
class StepsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        classes("train.tsv", 40);
        classes("test.tsv", 20);
        numbers("pairs-train.tsv", 40);
        numbers("pairs-test.tsv", 20);
    }

    @Test
    void majorityIsMeasuredByTheMetricOfItsColumn() throws Exception {
        Workshop matthews = workshop("metric: matthews", "").all();
        Workshop macro = workshop("metric: macro-f1", "").all();

        assertThat(matthews.scores().values())
                .allSatisfy(
                        score -> assertThat(score.get("majority").asDouble()).isZero());
        assertThat(row(matthews.json("board", "board.json"), "majority")
                        .get("mean")
                        .asDouble())
                .isZero();
        // 12 of 20 are a: precision .6 and recall 1 of a give 0.75, and b gives 0.
        assertThat(macro.scores().values())
                .allSatisfy(
                        score -> assertThat(score.get("majority").asDouble()).isCloseTo(0.375, within(1e-12)));
    }

    @Test
    void regressionIsComparedToTheMeanOfTrain() throws Exception {
        Workshop errors = pairs("metric: mse").all();
        double mean = errors.text("tokenize", "train.jsonl")
                .lines()
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*\"target\":([^,]+),.*", "$1")))
                .average()
                .orElseThrow();
        double expected = read("pairs-test.tsv").stream()
                .mapToDouble(line -> Double.parseDouble(line[2]))
                .map(target -> (target - mean) * (target - mean))
                .average()
                .orElseThrow();

        assertThat(errors.scores().values())
                .allSatisfy(
                        score -> assertThat(score.get("majority").asDouble()).isCloseTo(expected, within(1e-9)));
        assertThat(errors.text("board", "board.txt")).contains("(mean of train)");
        assertThat(pairs("metric: pearson").all().scores().values())
                .allSatisfy(
                        score -> assertThat(score.get("majority").asDouble()).isZero());
    }

    @Test
    void pairsOfTextsAndNumbersGoFromFilesToTheBoard() throws Exception {
        Workshop pairs = pairs("metric: pearson").all();

        assertThat(pairs.json("tokenize", "dataset.json").get("regression").asBoolean())
                .isTrue();
        assertThat(pairs.text("tokenize", "train.jsonl").lines().findFirst().orElseThrow())
                .contains("\"types\":[0,0,0,0,1,1,1]");
        assertThat(pairs.text("board", "board.txt"))
                .contains("pearson")
                .contains("Validation was cut from train by a fixed hash of the text: 4 of 40 examples.");

        List<JsonNode> lines = new ArrayList<>();
        for (String line : pairs.text("evaluate", "predictions.jsonl").lines().toList()) {
            lines.add(Json.MAPPER.readTree(line));
        }
        List<String[]> test = read("pairs-test.tsv");
        assertThat(lines).hasSize(test.size());
        for (int i = 0; i < test.size(); i++) {
            assertThat(lines.get(i).get("id").asText()).isEqualTo("pairs-test.tsv:" + (i + 2));
            assertThat(lines.get(i).get("label").asText()).isEqualTo(test.get(i)[2]);
            assertThat(lines.get(i).get("outputs")).hasSize(1);
            assertThat(Double.parseDouble(lines.get(i).get("answer").asText()))
                    .isEqualTo(lines.get(i).get("outputs").get(0).asDouble());
        }
    }

    @Test
    void predictionsTellTheClassAndItsOutputs() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "").all();

        List<String> lines =
                workshop.text("evaluate", "predictions.jsonl").lines().toList();
        assertThat(lines).hasSize(20);
        for (String line : lines) {
            JsonNode prediction = Json.MAPPER.readTree(line);
            JsonNode outputs = prediction.get("outputs");
            assertThat(outputs).hasSize(2);
            assertThat(prediction.get("answer").asText())
                    .isEqualTo(outputs.get(0).asDouble() >= outputs.get(1).asDouble() ? "a" : "b");
        }
    }

    @Test
    void scoresOfTwoDropoutsStandInTwoTables() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "dropout: [0.0, 0.5]").all();

        JsonNode board = workshop.json("board", "board.json");
        assertThat(board.get("tables")).hasSize(2);
        assertThat(workshop.text("board", "board.json")).doesNotContain("more than once");
        assertThat(rows(board, "lora")).hasSize(2);
        assertThat(rows(board, "lora"))
                .extracting(row -> row.at("/axes/dropout").asText())
                .containsExactly("0.0", "0.5");
        assertThat(workshop.text("board", "board.txt")).contains("dropout");
    }

    @Test
    void everySettingThatIsNotTheMethodKeepsScoresApart() throws Exception {
        for (String axis : List.of(
                "weight_decay: [0.0, 0.1]",
                "warmup: [0.0, 0.5]",
                "max_grad_norm: [0.0, 1.0]",
                "precision: [f32, bf16]",
                "pooling: [cls, mean]")) {
            JsonNode board = workshop("metric: accuracy", axis).all().json("board", "board.json");
            assertThat(board.get("tables")).as(axis).hasSize(2);
        }
    }

    @Test
    void aScoreInAnotherPrecisionThanTheTrainingStandsApartAndSaysSo() throws Exception {
        String yaml = WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "")
                .replace(
                        "  board:",
                        "  narrow: { uses: evaluate, needs: [tune], with: { split: test, precision: bf16 } }\n  board:");
        Workshop workshop = new Workshop(folder, yaml);
        for (String step : List.of("tokenize", "tune", "evaluate", "narrow")) {
            workshop.step(step);
        }
        Map<String, JsonNode> scores = workshop.scores();
        JsonNode wide = scores.get("evaluate[method=lora,task=own,seed=1]");
        JsonNode narrow = scores.get("narrow[method=lora,task=own,seed=1]");
        assertThat(narrow.get("comparability")).isNotEqualTo(wide.get("comparability"));
        assertThat(narrow.get("notes").toString()).contains("Matrices are f32 in training and bf16 in scoring.");
        assertThat(wide.get("notes").toString()).doesNotContain("Matrices");
    }

    @Test
    void scoresOfTwoLearningRatesStandInTwoRowsOfOneTable() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "lr: [0.001, 0.01]").all();

        JsonNode board = workshop.json("board", "board.json");
        assertThat(board.get("tables")).hasSize(1);
        assertThat(rows(board, "lora"))
                .extracting(row -> row.at("/axes/lr").asText())
                .containsExactlyInAnyOrder("0.001", "0.01");
        assertThat(rows(board, "lora")).allSatisfy(row -> {
            assertThat(row.get("n").asInt()).isEqualTo(1);
            assertThat(row.at("/overHead/seeds").asInt()).isEqualTo(1);
        });
        assertThat(workshop.text("board", "board.json")).doesNotContain("more than once");
    }

    @Test
    void testIsNotReadBeforeItIsEvaluated() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "");
        Files.delete(folder.resolve("test.tsv"));
        workshop.step("tokenize").step("tune");

        assertThatThrownBy(() -> workshop.step("evaluate"))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessageContaining("test.tsv");
    }

    @Test
    void anEditOfTestBetweenTwoEvaluationsKeepsTheirScoresApart() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "").all();
        Map<String, JsonNode> before = workshop.scores();
        classes("test.tsv", 21);
        Map<String, JsonNode> after = workshop.step("evaluate").scores();

        assertThat(before.keySet()).isNotEmpty().allSatisfy(key -> {
            assertThat(before.get(key).get("dataHash").asText()).matches("[0-9a-f]{64}");
            assertThat(after.get(key).get("dataHash"))
                    .isNotEqualTo(before.get(key).get("dataHash"));
            assertThat(after.get(key).get("comparability"))
                    .isNotEqualTo(before.get(key).get("comparability"));
        });
    }

    @Test
    void controlSaysThatTestHasChangedSinceTheMethodsWereScored() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "").all();
        assertThat(row(workshop.json("board", "board.json"), "tfidf-linear")
                        .get("n")
                        .asInt())
                .isEqualTo(1);
        classes("test.tsv", 21);

        JsonNode control = row(workshop.step("board").json("board", "board.json"), "tfidf-linear");
        assertThat(control.get("n").asInt()).isZero();
        assertThat(control.get("notApplicable").asText()).contains("test").contains("changed");
    }

    @Test
    void validationIsScoredOnTheSampleThatTrainingSaw() throws Exception {
        classes("validation.tsv", 30);
        Workshop workshop = new Workshop(
                        folder,
                        WORKFLOW.formatted(
                                        "train: train.tsv, validation: validation.tsv, test: test.tsv",
                                        "text",
                                        "metric: accuracy",
                                        "")
                                .replace("max_length: 16", "max_length: 16, max_validation_samples: 7")
                                .replace("split: test", "split: validation"))
                .all();

        assertThat(workshop.json("tokenize", "dataset.json")
                        .get("validationSize")
                        .asInt())
                .isEqualTo(7);
        assertThat(workshop.scores().values())
                .allSatisfy(score -> assertThat(score.get("testSize").asInt()).isEqualTo(7));
        JsonNode score = workshop.json("evaluate", "score.json");
        JsonNode curve = workshop.json("tune", "train.json").get("curve");
        assertThat(score.get("value").asDouble())
                .isEqualTo(curve.get(curve.size() - 1).get("score").asDouble());
        assertThat(row(workshop.json("board", "board.json"), "tfidf-linear")
                        .get("n")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void scoresKeepTheVersionsAndTheMachineThatMadeThem() throws Exception {
        Workshop workshop = workshop("metric: accuracy", "").all();

        for (String origin : List.of("trainedOn", "scoredOn")) {
            JsonNode made = workshop.json("evaluate", "score.json").get(origin);
            assertThat(made.get("fewtune").asText()).isEqualTo("test");
            assertThat(made.get("tensorflow").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
            assertThat(made.get("jdk").asText()).isEqualTo(Runtime.version().toString());
            assertThat(made.get("os").asText()).startsWith(System.getProperty("os.name"));
            assertThat(made.get("arch").asText()).isEqualTo(System.getProperty("os.arch"));
            assertThat(made.get("cores").asInt()).isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(made.has("cpu")).isTrue();
            assertThat(made.get("gpu").isBoolean()).isTrue();
        }
        JsonNode row = row(workshop.json("board", "board.json"), "lora");
        assertThat(row.at("/trainedOn/0/jdk").asText())
                .isEqualTo(Runtime.version().toString());
        assertThat(row.at("/scoredOn/0/cores").asInt()).isPositive();
    }

    @Test
    void namesTheCellsBetweenWhichItCannotChoose() {
        String twoLengths = WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "")
                .replace("matrix: { task: [own] }", "matrix: { task: [own], max_length: [8, 16] }")
                .replace(", max_length: 16 }", " }");

        assertThatThrownBy(() -> new Workshop(folder, twoLengths))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokenize[task=own,max_length=8]")
                .hasMessageContaining("tokenize[task=own,max_length=16]")
                .hasMessageContaining("Maybe: an axis max_length in the matrix of tune too");
    }

    @Test
    void aTrainingForAnyNumberOfLayersIsScoredForEach() throws Exception {
        classes("train.tsv", 40);
        classes("test.tsv", 20);
        Workshop workshop = new Workshop(
                        folder,
                        WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "")
                                .replace("[lora]", "[{any: {method: adapterdrop, form: robust, dropped: 1}}]"))
                .all();

        JsonNode levels = Json.MAPPER.readTree(
                workshop.file("evaluate", "any", LevelScores.FILE).toFile());
        assertThat(levels.get("level").asText()).isEqualTo("dropped_layers");
        assertThat(levels.get("scores")).hasSize(2);
        assertThat(levels.at("/scores/1/score"))
                .isEqualTo(workshop.scores()
                        .get("evaluate[method=any,task=own,seed=1]")
                        .get("value"));
    }

    /** 12 prompt rows of width 16, and two matrices of rank 6: one row for each place of a text, 16 columns. */
    @Test
    void aMethodThatAsksForTheLongestInputIsGivenThatOfTheData() throws Exception {
        classes("train.tsv", 40);
        classes("test.tsv", 20);
        Workshop workshop = new Workshop(
                        folder,
                        WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "")
                                .replace("[lora]", "[dept]"))
                .all();

        JsonNode score = workshop.scores().values().stream()
                .filter(one -> one.get("method").asText().equals("dept"))
                .findFirst()
                .orElseThrow();
        assertThat(score.at("/settings/max_length").asInt()).isEqualTo(16);
        assertThat(score.get("methodParameters").asInt()).isEqualTo(12 * 16 + (16 + 16) * 6);
    }

    @Test
    void scoresAFolderOfPeftLikeTheTrainingThatItCameFrom() throws Exception {
        Workshop trained = workshop("metric: accuracy", "").all();
        Path peft = Files.createDirectories(folder.resolve("from-elsewhere"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors", "fewtune.json")) {
            Files.copy(trained.file("tune", "lora", "peft/" + name), peft.resolve(name));
        }
        String yaml = WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "");
        int from = yaml.indexOf("  tune:");
        int to = yaml.indexOf("  evaluate:");
        String tune =
                "  tune:\n    uses: import-adapter\n    needs: [tokenize]\n    with: { folder: from-elsewhere }\n";

        Workshop imported = new Workshop(folder, yaml.substring(0, from) + tune + yaml.substring(to)).all();

        JsonNode before = trained.scores().values().stream()
                .filter(score -> score.get("method").asText().equals("lora"))
                .findFirst()
                .orElseThrow();
        JsonNode after = imported.scores().values().iterator().next();
        assertThat(after.get("value")).isEqualTo(before.get("value"));
        assertThat(after.get("variant").asText()).isEqualTo("imported: from-elsewhere");
        assertThat(after.get("method").asText()).isEqualTo("lora");
        assertThat(after.get("methodParameters")).isEqualTo(before.get("methodParameters"));
        assertThat(Files.readString(imported.file("evaluate", "predictions.jsonl")))
                .isEqualTo(Files.readString(trained.file("evaluate", "lora", "predictions.jsonl")));
        assertThat(rows(imported.json("board", "board.json"), "imported: from-elsewhere"))
                .hasSize(1);
    }

    @Test
    void saysWhereAFolderThatIsToBeImportedIsMissing() {
        String yaml = WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "");
        int from = yaml.indexOf("  tune:");
        int to = yaml.indexOf("  evaluate:");
        String tune = "  tune:\n    uses: import-adapter\n    needs: [tokenize]\n    with: { folder: nowhere }\n";

        assertThatThrownBy(() -> new Workshop(folder, yaml.substring(0, from) + tune + yaml.substring(to)).all())
                .isInstanceOf(CellFailure.class)
                .hasMessage("There is no folder %s. Maybe a path relative to the workflow's file."
                        .formatted(folder.resolve("nowhere")));
    }

    @Test
    void saysTheLongestInputThatTheBackboneReads() {
        Workshop workshop = new Workshop(
                folder,
                WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", "metric: accuracy", "")
                        .replace("max_length: 16", "max_length: 100"));

        assertThatThrownBy(() -> workshop.step("tokenize"))
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "max_length (100) must be at most 64, the longest input of tiny. Maybe max_length: 64, or a backbone that reads more.");
    }

    private static final String WORKFLOW = """
            schema: fewtune/v1
            name: own
            tasks:
              own:
                files: { %s }
                text: [%s]
                label: label
                %s
            steps:
              tokenize:
                uses: tokenize
                matrix: { task: [own] }
                with: { backbone: minilm-l6, max_length: 16 }
              tune:
                uses: fine-tune
                needs: [tokenize]
                matrix:
                  method: [lora]
                  task: [own]
                  seed: [1]
                  %s
                with: { epochs: 1, batch_size: 8 }
              evaluate:
                uses: evaluate
                needs: [tune]
                with: { split: test }
              board:
                uses: aggregate
                needs: [evaluate]
            """;

    private Workshop workshop(String metric, String axis) {
        return new Workshop(folder, WORKFLOW.formatted("train: train.tsv, test: test.tsv", "text", metric, axis));
    }

    private Workshop pairs(String metric) {
        return new Workshop(
                folder, WORKFLOW.formatted("train: pairs-train.tsv, test: pairs-test.tsv", "one, two", metric, ""));
    }

    private static List<JsonNode> rows(JsonNode board, String variant) {
        List<JsonNode> rows = new ArrayList<>();
        board.get("tables").forEach(table -> table.get("rows").forEach(rows::add));
        return rows.stream()
                .filter(row -> row.get("variant").asText().equals(variant))
                .toList();
    }

    private static JsonNode row(JsonNode board, String variant) {
        return rows(board, variant).get(0);
    }

    /** Three of five examples have the class a, as the first word tells. */
    private void classes(String name, int count) throws IOException {
        write(name, "text\tlabel", count, (i, random) -> {
            boolean first = i % 5 < 3;
            return "w%d w%d w%d\t%s"
                    .formatted(
                            first ? random.nextInt(9) : 9 + random.nextInt(9),
                            18 + random.nextInt(18),
                            18 + random.nextInt(18),
                            first ? "a" : "b");
        });
    }

    /** How much the two texts of a pair share, from 0 to 2.5. */
    private void numbers(String name, int count) throws IOException {
        write(name, "one\ttwo\tlabel", count, (i, random) -> {
            int word = random.nextInt(36);
            int other = random.nextInt(36);
            return String.format(
                    Locale.ROOT, "w%d w%d\tw%d w%d\t%.2f", word, other, word, random.nextInt(36), word / 14.0);
        });
    }

    private interface Line {
        String of(int number, KeyedRandom random);
    }

    private void write(String name, String header, int count, Line line) throws IOException {
        KeyedRandom random = new KeyedRandom(3, name);
        Files.writeString(
                folder.resolve(name),
                IntStream.range(0, count)
                        .mapToObj(i -> line.of(i, random))
                        .collect(Collectors.joining("\n", header + "\n", "\n")));
    }

    private List<String[]> read(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .toList();
    }
}
