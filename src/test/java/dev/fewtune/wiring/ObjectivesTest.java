package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.hub.HubSettings;
import dev.fewtune.hub.Models;
import dev.fewtune.hub.Patience;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.step.Workshop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From what a workflow asks of a model to predictions and scores. */
class ObjectivesTest {
    private static final String BEAMS = "decoding: beam, beams: 3";

    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        OwnModels.data(folder);
    }

    @Test
    void aT5WritesTheClassesWhereNothingElseIsSaid() throws Exception {
        OwnModels.t5(folder.resolve("t5"));
        Workshop workshop = workshop("./t5", "", "", "epochs: 8, lr: 0.05").all();

        assertThat(asking(workshop).get("objective").asText()).isEqualTo("text-to-text");
        assertThat(asking(workshop).get("template").asText()).isEqualTo("sentence: {1}");
        assertThat(aim(workshop).get("longest").asInt()).isEqualTo(2);
        List<JsonNode> lines = predictions(workshop);
        assertThat(lines).hasSize(8).allSatisfy(line -> {
            assertThat(line.get("id").asText()).startsWith("test.tsv:");
            assertThat(line.get("correct").asBoolean())
                    .isEqualTo(line.get("written")
                            .asText()
                            .equals(line.get("label").asText()));
            assertThat(line.get("outputs")).hasSize(2);
        });
        assertThat(lines).extracting(line -> line.get("written").asText()).containsAnyOf("a", "b");
        assertAccuracy(workshop, lines);
        assertThat(workshop.json("board", "board.json")
                        .get("tables")
                        .get(0)
                        .get("rows")
                        .toString())
                .contains("Asked as text-to-text")
                .contains("The classes are written a, b");
    }

    @Test
    void aLlamaChoosesTheLikeliestOfTheWordsOfAVerbalizer() throws Exception {
        OwnModels.llama(folder.resolve("llama"));
        Workshop workshop = workshop(
                        "./llama", "verbalizer: { a: w30, b: w31 w32 }", "objective: verbalizer", "epochs: 1")
                .all();

        assertThat(asking(workshop).get("template").asText()).isEqualTo("sentence: {1} Label : ");
        assertThat(aim(workshop).get("words").toString()).isEqualTo("[[31,2],[32,33,2]]");
        List<JsonNode> lines = predictions(workshop);
        assertThat(lines).allSatisfy(line -> {
            boolean second = line.get("outputs").get(1).asDouble()
                    > line.get("outputs").get(0).asDouble();
            assertThat(line.get("answer").asText()).isEqualTo(second ? "b" : "a");
            assertThat(line.has("written")).isFalse();
        });
        assertAccuracy(workshop, lines);
    }

    @Test
    void aBertFillsTheMaskOfATemplateWithTheWordOfAClass() throws Exception {
        OwnModels.bert(folder.resolve("bert"));
        Workshop workshop = workshop(
                        "./bert",
                        "template: \"{text} {mask} w35\", verbalizer: { a: w10, b: w20 }",
                        "objective: verbalizer",
                        "epochs: 1")
                .all();

        assertThat(aim(workshop).get("words").toString()).isEqualTo("[[15],[25]]");
        assertThat(aim(workshop).get("mask").asInt()).isEqualTo(4);
        assertThat(workshop.text("tokenize", "train.jsonl").lines())
                .allSatisfy(row -> assertThat(row).contains(",4,40,3]"));
        assertAccuracy(workshop, predictions(workshop));
    }

    @Test
    void aLlamaWritesTextsByBeamsAndIsScoredByTheirWords() throws Exception {
        OwnModels.llama(folder.resolve("llama"));
        texts();
        Workshop workshop = workshop("./llama", "metric: token-f1", "max_target_length: 4", "epochs: 2, " + BEAMS)
                .all();

        assertThat(aim(workshop).get("objective").asText()).isEqualTo("text-to-text");
        assertThat(aim(workshop).get("beams").asInt()).isEqualTo(3);
        JsonNode score = workshop.json("evaluate", "score.json");
        assertThat(score.get("metric").asText()).isEqualTo("token-f1");
        assertThat(score.get("metrics").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("exact-match", "token-f1", "rouge-l");
        assertThat(score.get("value")).isEqualTo(score.get("metrics").get("token-f1"));
        assertThat(predictions(workshop)).allSatisfy(line -> {
            assertThat(line.get("answer")).isEqualTo(line.get("written"));
            assertThat(line.get("label").asText()).contains(" ");
        });
        assertThat(workshop.text("board", "board.txt")).contains("full").contains("a linear model writes no texts");
    }

    @Test
    void scoresOfOtherTemplatesAreNotCompared() throws Exception {
        OwnModels.bert(folder.resolve("bert"));
        JsonNode usual = workshop("./bert", "", "", "epochs: 1").all().json("evaluate", "score.json");
        JsonNode other = workshop("./bert", "template: \"w1 {text}\"", "", "epochs: 1")
                .all()
                .json("evaluate", "score.json");

        assertThat(other.get("comparability")).isNotEqualTo(usual.get("comparability"));
        assertThat(other.get("dataHash")).isEqualTo(usual.get("dataHash"));
    }

    @Test
    void saysWhatAModelOrATaskCannotDo() throws Exception {
        OwnModels.t5(folder.resolve("t5"));
        OwnModels.bert(folder.resolve("bert"));
        Workshop ofTwo = workshop("./bert", "verbalizer: { a: w1 w2, b: w3 }", "objective: verbalizer", "epochs: 1");
        assertFailure(() -> ofTwo.step("tokenize"), "'w1 w2'", "'a'", "has 2", "Maybe");
        Workshop noMask = workshop("./bert", "template: \"{text} w1\"", "objective: verbalizer", "epochs: 1");
        assertFailure(() -> noMask.step("tokenize"), "\"{text} w1\"", "no {mask}", "Maybe \"{text} w1 {mask}\"");
        Workshop same = workshop("./t5", "verbalizer: { a: w33, b: w34 }", "", "epochs: 1");
        assertFailure(() -> same.step("tokenize"), "'w33' and 'w34'", "the same tokens", "Maybe");
        Workshop without = workshop("./t5", "verbalizer: { a: w1, c: w2 }", "", "epochs: 1");
        assertFailure(() -> without.step("tokenize"), "no word for the label 'b'", "a, c");
        Workshop tooLong = workshop("./t5", "template: \"%s{text}\"".formatted("w1 ".repeat(20)), "", "epochs: 1");
        assertFailure(() -> tooLong.step("tokenize"), "the template alone has 21 tokens", "max_length is 16");
        Workshop prefix = workshop("./bert", "", "task_prefix: true", "epochs: 1");
        assertFailure(() -> prefix.step("tokenize"), "task_prefix (true)", "Maybe");
        Workshop target = workshop("./bert", "", "max_target_length: 3", "epochs: 1");
        assertFailure(() -> target.step("tokenize"), "max_target_length (3)", "text-to-text");
        Workshop beams =
                workshop("./t5", "", "objective: head", "epochs: 1, " + BEAMS).step("tokenize");
        assertFailure(() -> beams.step("tune"), "decoding (beam)", "objective head");
        Workshop pooling = workshop("./t5", "", "", "epochs: 1, pooling: last").step("tokenize");
        assertFailure(() -> pooling.step("tune"), "pooling (last)", "text-to-text");
    }

    @Test
    void cutsTheTextsAndNotTheTemplate() throws Exception {
        OwnModels.t5(folder.resolve("t5"));
        Files.writeString(
                folder.resolve("train.tsv"),
                "%s\ta\n%s\tb\n".formatted("w1 ".repeat(40), "w2 ".repeat(40)),
                StandardOpenOption.APPEND);
        Workshop workshop =
                workshop("./t5", "template: \"w3 {text} w4\"", "", "epochs: 1").step("tokenize");

        assertThat(workshop.text("tokenize", "train.jsonl") + workshop.text("tokenize", "validation.jsonl"))
                .satisfies(rows -> assertThat(rows.lines().filter(row -> row.contains("\"truncated\":true")))
                        .hasSize(2)
                        .allSatisfy(row -> assertThat(row).contains("[8,").contains(",9,1]")));
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void assertFailure(Step step, String... says) {
        assertThatExceptionOfType(CellFailure.class).isThrownBy(step::run).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Cause.YOURS);
            assertThat(failure.getMessage()).contains(says);
        });
    }

    private static void assertAccuracy(Workshop workshop, List<JsonNode> lines) {
        double right =
                lines.stream().filter(line -> line.get("correct").asBoolean()).count();
        assertThat(workshop.json("evaluate", "score.json").get("value").asDouble())
                .isEqualTo(right / lines.size());
    }

    private static JsonNode asking(Workshop workshop) {
        return workshop.json("tokenize", "dataset.json").get("asking");
    }

    private static JsonNode aim(Workshop workshop) {
        return workshop.json("tune", "request.json").get("aim");
    }

    private static List<JsonNode> predictions(Workshop workshop) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line :
                workshop.text("evaluate", "predictions.jsonl").lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    /** Labels of two words. */
    private void texts() throws IOException {
        for (String split : List.of("train.tsv", "test.tsv")) {
            Path file = folder.resolve(split);
            Files.writeString(
                    file, Files.readString(file).replace("\ta\n", "\tw7 w8\n").replace("\tb\n", "\tw9 w10\n"));
        }
    }

    private Workshop workshop(String backbone, String task, String tokenize, String tune) {
        HubSettings settings = new HubSettings(URI.create("http://127.0.0.1:1"), "", true, Patience.USUAL);
        Models models = new Models(folder.resolve("hub"), settings, Clock.systemUTC());
        String yaml = OwnModels.workflow(backbone)
                .replace("label: label", "label: label" + lines(task, 4))
                .replace("max_length: 16", "max_length: 16" + (tokenize.isEmpty() ? "" : ", " + tokenize))
                .replace("method: [lora]", "method: [head-only, full]")
                .replace("epochs: 1", tune);
        return new Workshop(folder, yaml, new LocalBench(folder.resolve("cache"), models, "test"));
    }

    /** Settings on lines of their own. */
    private static String lines(String settings, int indent) {
        return settings.isEmpty()
                ? ""
                : "\n" + " ".repeat(indent)
                        + settings.replaceAll(", (verbalizer|metric)", "\n" + " ".repeat(indent) + "$1");
    }
}
