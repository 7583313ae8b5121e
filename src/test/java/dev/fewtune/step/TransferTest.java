package dev.fewtune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts of some tasks are carried over to another one. */
class TransferTest {
    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        for (String task : new String[] {"near", "far", "target"}) {
            write(task + "-train.tsv", 32, task.equals("far"));
            write(task + "-test.tsv", 12, task.equals("far"));
        }
    }

    private static final String WORKFLOW = """
        schema: fewtune/v1
        name: transfer
        tasks:
          near: { files: { train: near-train.tsv, test: near-test.tsv }, text: [text], label: label }
          far: { files: { train: far-train.tsv, test: far-test.tsv }, text: [text], label: label }
          target: { files: { train: target-train.tsv, test: target-test.tsv }, text: [text], label: label }
        steps:
          sources:
            uses: pretrain
            matrix: { source: [near, far] }
            with: { backbone: minilm-l6, max_length: 16, prompt_length: 3, epochs: 2, batch_size: 8%s }
          tokenize:
            uses: tokenize
            matrix: { task: [target] }
            with: { backbone: minilm-l6, max_length: 16 }
          tune:
            uses: fine-tune
            needs: [tokenize, sources]
            matrix:
              method: [%s]
              task: [target]
              seed: [1]
            with: { epochs: 2, batch_size: 8 }
          evaluate: { uses: evaluate, needs: [tune] }
          board: { uses: aggregate, needs: [evaluate] }
        """;

    private Workshop workshop(String method) {
        return workshop(method, "");
    }

    private Workshop workshop(String method, String source) {
        return new Workshop(folder, WORKFLOW.formatted(source, method));
    }

    @Test
    void aSourceLeavesItsPromptWithAManifest() throws Exception {
        Workshop workshop = workshop("head-only").step("sources");

        JsonNode card = workshop.json("sources", "source.json");
        assertThat(card.get("kind").asText()).isEqualTo("prompt");
        assertThat(card.get("name").asText()).isEqualTo("far");
        assertThat(card.get("length").asInt()).isEqualTo(3);
        assertThat(card.get("width").asInt()).isEqualTo(16);
        assertThat(card.get("method").asText()).isEqualTo("prompt-tuning");
        assertThat(card.get("checksum").asText())
                .isEqualTo(dev.fewtune.train.SourceFile.checksum(workshop.file("sources", "source.safetensors")));
    }

    @Test
    void spotOfOneStartsWhereItsSourceEnded() throws Exception {
        Workshop workshop = workshop("{ cold: { method: prompt-tuning, length: 3 } }, "
                        + "{ warm: { method: spot, from: near } }, "
                        + "{ same: { method: prompt-tuning, length: 3, from: near } }")
                .all();

        double warm = score(workshop, "warm");
        assertThat(workshop.scores()).hasSize(4);
        assertThat(score(workshop, "same")).isEqualTo(warm);
        assertThat(workshop.json("evaluate", "score.json").get("notes").toString())
                .doesNotContain("Starts from");
        JsonNode row = only(workshop, "warm");
        assertThat(row.get("notes").toString()).contains("Starts from near.");
        assertThat(row.get("methodParameters").asInt()).isEqualTo(3 * 16);
        assertThat(Files.readString(workshop.file("tune", "warm", "train.json")))
                .isNotEqualTo(Files.readString(workshop.file("tune", "cold", "train.json")));
    }

    @Test
    void bestOfTheMostSimilarIsChosenOnValidationAndCountsAllTrainings() throws Exception {
        Workshop workshop = workshop(
                        "{ one: { method: spot, from: near } }, { best: { method: spot, transfer: best, top: 2,"
                                + " similarity: pairs } }, { mixed: { method: spot, transfer: mixture } }, { nearest: {"
                                + " method: spot, transfer: most-similar } }")
                .step("sources")
                .step("tokenize")
                .step("tune");

        JsonNode found = Json.MAPPER.readTree(Files.readString(workshop.file("tune", "best", "transfer.json")));
        assertThat(found.get("similarities")).hasSize(2);
        assertThat(found.get("scores")).hasSize(2);
        double best = Math.max(
                found.at("/scores/near").asDouble(), found.at("/scores/far").asDouble());
        assertThat(found.get("scores").get(found.get("kept").asText()).asDouble())
                .isEqualTo(best);
        int steps = Json.MAPPER
                .readTree(Files.readString(workshop.file("tune", "one", "train.json")))
                .get("steps")
                .asInt();
        // Two trainings of two epochs, and one epoch for the embedding of the target.
        assertThat(found.at("/result/steps").asInt()).isEqualTo(2 * steps + steps / 2);
        JsonNode mixed = Json.MAPPER.readTree(Files.readString(workshop.file("tune", "mixed", "transfer.json")));
        assertThat(mixed.get("kept").asText()).contains(" + ");
        JsonNode nearest = Json.MAPPER.readTree(Files.readString(workshop.file("tune", "nearest", "transfer.json")));
        String more = nearest.at("/similarities/near").asDouble()
                        > nearest.at("/similarities/far").asDouble()
                ? "near"
                : "far";
        assertThat(nearest.get("kept").asText()).isEqualTo(more);
    }

    @Test
    void deptStartsFromWhatDeptHasLearned() throws Exception {
        Workshop workshop = workshop(
                        "{ warm: { method: dept, length: 3, from: near } }, { other: { method: dept, length: 3, rank:"
                                + " 2, from: near } }",
                        ", prompt_method: dept")
                .step("sources")
                .step("tokenize");

        assertThatThrownBy(() -> workshop.step("tune"))
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "The offset_left of near has the shape [16, 6], expected [16, 2] as dept is set up. Maybe the"
                                + " same length, rank and max_length as its step.");
        assertThat(Files.exists(workshop.file("tune", "warm", "adapter.safetensors")))
                .isTrue();
    }

    private static final String FEW = """
        schema: fewtune/v1
        name: few
        tasks:
          target: { files: { train: target-train.tsv, test: target-test.tsv }, text: [text], label: label }
        steps:
          tokenize:
            uses: tokenize
            matrix: { task: [target], shots: [4, 6], shots_seed: [1, 2] }
            with: { backbone: minilm-l6, max_length: 16 }
          tune:
            uses: fine-tune
            needs: [tokenize]
            matrix: { from: tokenize }
            with: { method: head-only, seed: 1, epochs: 1, batch_size: 4 }
          evaluate: { uses: evaluate, needs: [tune] }
          board: { uses: aggregate, needs: [evaluate] }
        """;

    @Test
    void fewShotsAreDrawnBySeedsOfTheirOwnAndMakeOneRow() throws Exception {
        Workshop workshop = new Workshop(folder, FEW).all();

        JsonNode board = workshop.json("board", "board.json");
        assertThat(board.get("tables")).hasSize(2);
        for (JsonNode table : board.get("tables")) {
            assertThat(table.get("rows")).anySatisfy(row -> {
                assertThat(row.get("variant").asText()).isEqualTo("head-only");
                assertThat(row.get("n").asInt()).isEqualTo(2);
            });
        }
        JsonNode card = workshop.json("tokenize", "dataset.json");
        assertThat(card.get("trainSize").asInt()).isEqualTo(6);
        assertThat(card.get("notes").toString()).contains("Train is 6 shots in all, drawn by seed 2.");
        assertThatThrownBy(() -> new Workshop(
                                folder, FEW.replace("max_length: 16", "max_length: 16, max_train_samples: 9"))
                        .step("tokenize"))
                .isInstanceOf(CellFailure.class)
                .hasMessage("shots (4) and max_train_samples (9) both choose what is trained on. Maybe leave one out.");
    }

    private static final String TOGETHER = """
        schema: fewtune/v1
        name: together
        tasks:
          near: { files: { train: near-train.tsv, test: near-test.tsv }, text: [text], label: label }
          far: { files: { train: far-train.tsv, test: far-test.tsv }, text: [text], label: label, metric: macro-f1 }
          target: { files: { train: target-train.tsv, test: target-test.tsv }, text: [text], label: label }
        steps:
          sources:
            uses: pretrain
            matrix: { source: [near, far] }
            with: { backbone: minilm-l6, max_length: 16, prompt_length: 3, epochs: 1, batch_size: 8 }
          tokenize:
            uses: tokenize
            matrix: { task: [near, far, target] }
            with: { backbone: minilm-l6, max_length: 16 }
          together:
            uses: multi-task
            needs: [%s]
            matrix: { method: [%s] }
            with: { epochs: 2, batch_size: 8 }
          each:
            uses: evaluate-task
            needs: [together, tokenize]
            matrix: { from: together }
            with: { task: [near, far] }
          tune:
            uses: fine-tune
            needs: [tokenize, together, sources]
            matrix: { method: [%s], task: [target], seed: [1] }
            with: { epochs: 2, batch_size: 8 }
          evaluate: { uses: evaluate, needs: [tune] }
          board: { uses: aggregate, needs: [each, evaluate] }
        """;

    @Test
    void mptLearnsSharedRowsFromItsTeachersAndATargetGoesOnFromThem() throws Exception {
        Workshop workshop = new Workshop(
                        folder,
                        TOGETHER.formatted(
                                "sources",
                                "{ mpt: { method: mpt, length: 3 } }",
                                "{ mpt: { method: mpt, length: 3 } }"))
                .all();

        JsonNode card = Json.MAPPER.readTree(
                workshop.file("together", "mpt", "source.json").toFile());
        assertThat(card.get("kind").asText()).isEqualTo("shared");
        assertThat(card.get("tasks").toString()).isEqualTo("[\"near\",\"far\"]");
        assertThat(Json.MAPPER.readTree(
                        workshop.file("together", "mpt", "tasks.json").toFile()))
                .hasSize(2);
        // Of both tasks the shared rows and a matrix each, divided by two.
        assertThat(counts(workshop, "each[method=mpt,task=near]")).containsExactly(3 * 16 / 2 + 3 + 16, 2 * 17);
        assertThat(counts(workshop, "evaluate[method=mpt,task=target,seed=1]"))
                .containsExactly(3 * 16 + 3 + 16, 2 * 17);
        assertThat(workshop.scores()
                        .get("each[method=mpt,task=far]")
                        .get("metric")
                        .asText())
                .isEqualTo("macro-f1");
        assertThat(workshop.text("board", "board.txt"))
                .contains("near")
                .contains("far")
                .contains("target");
    }

    @Test
    void attemptTakesOverTheAttentionThatSourcesHaveLearned() throws Exception {
        String method = "{ attempt: { method: attempt, bottleneck: 5 } }";
        Workshop workshop = new Workshop(folder, TOGETHER.formatted("sources", method, method)).all();

        JsonNode grids = Json.MAPPER.readTree(
                workshop.file("tune", "attempt", "grids.json").toFile());
        assertThat(grids)
                .extracting(grid -> grid.get("columns").toString())
                .containsExactly(
                        "[\"near\",\"far\",\"learned here\"]",
                        "[\"near\",\"far\",\"learned here\"]",
                        "[\"near\",\"far\",\"its own\"]");
        assertThat(grids.get(0).at("/values/1/1").asDouble()).isCloseTo(1, within(1e-12));
        for (JsonNode row : grids.get(2).get("values")) {
            assertThat(row.get(0).asDouble()
                            + row.get(1).asDouble()
                            + row.get(2).asDouble())
                    .isCloseTo(1, within(1e-5));
        }
        assertThat(counts(workshop, "evaluate[method=attempt,task=target,seed=1]"))
                .containsExactly(3 * 16 + 2 * 5 * 16 + 2 * 16, 2 * 17);
        assertThat(counts(workshop, "each[method=attempt,task=near]"))
                .containsExactly(3 * 16 + (2 * 5 * 16 + 2 * 16) / 2, 2 * 17);
    }

    @Test
    void hyperFormerLearnsBatchesOfOneTaskAndIsScoredOnEach() throws Exception {
        String method = "{ hyper: { method: hyperformer, bottleneck: 2, embedding: 4, hidden: 8 } }";
        Workshop workshop = new Workshop(folder, TOGETHER.formatted("tokenize", method, "head-only"));
        workshop.step("tokenize").step("together").step("each");

        JsonNode request = Json.MAPPER.readTree(
                workshop.file("together", "hyper", "request.json").toFile());
        assertThat(request.at("/beside/mixing").asText()).isEqualTo("temperature");
        assertThat(request.at("/beside/temperature").asDouble()).isEqualTo(10);
        assertThat(workshop.scores()).hasSize(4);
        assertThat(workshop.scores()
                        .get("each[method=hyper,task=far]")
                        .get("headParameters")
                        .asInt())
                .isEqualTo(2 * 17);

        String mixed = TOGETHER.formatted("tokenize", method, "head-only")
                .replace("with: { epochs: 2, batch_size: 8 }\n  each", "with: { mixing: shuffled }\n  each");
        assertThatThrownBy(() -> new Workshop(folder, mixed).step("tokenize").step("together"))
                .isInstanceOf(CellFailure.class)
                .hasMessage("hyperformer needs batches of one task, and mixing (shuffled) makes others. Maybe mixing:"
                        + " temperature.");
    }

    private static int[] counts(Workshop workshop, String cell) {
        JsonNode score = workshop.scores().get(cell);
        return new int[] {
            score.get("methodParameters").asInt(), score.get("headParameters").asInt()
        };
    }

    @Test
    void saysWhichSourceItMisses() throws Exception {
        assertFails(
                "{ spot: { method: spot } }",
                "spot starts from one prompt, and there are those of near, far. Maybe from: near, or transfer:"
                        + " most-similar.");
        assertFails(
                "{ spot: { method: spot, from: elsewhere } }",
                "spot is to start from the prompt of elsewhere, and the sources are near, far. Maybe from: one of"
                        + " them.");
        assertFails(
                "{ spot: { method: spot, from: near, length: 5 } }",
                "spot is to have 5 rows, and the prompt of near has 3. Maybe leave length out, or prompt_length: 5 in"
                        + " the step of the sources.");
    }

    private void assertFails(String method, String message) throws Exception {
        Workshop workshop = workshop(method).step("sources").step("tokenize");
        assertThatThrownBy(() -> workshop.step("tune"))
                .isInstanceOf(CellFailure.class)
                .hasMessage(message);
    }

    private static double score(Workshop workshop, String variant) {
        return only(workshop, variant).get("value").asDouble();
    }

    private static JsonNode only(Workshop workshop, String variant) {
        return workshop.scores().values().stream()
                .filter(score -> score.get("variant").asText().equals(variant))
                .findFirst()
                .orElseThrow();
    }

    /** The first word tells the class; in far tasks, the last one. */
    private void write(String name, int count, boolean last) throws IOException {
        KeyedRandom random = new KeyedRandom(3, name);
        Files.writeString(
                folder.resolve(name),
                IntStream.range(0, count)
                        .mapToObj(i -> {
                            String tells = "w" + (i % 2 * 9 + random.nextInt(9));
                            String other = "w" + (18 + random.nextInt(18));
                            return (last ? other + " " + tells : tells + " " + other) + "\t" + (i % 2 == 0 ? "a" : "b");
                        })
                        .collect(Collectors.joining("\n", "text\tlabel\n", "\n")));
    }
}
