package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.hub.HubSettings;
import dev.fewtune.hub.LoopbackHub;
import dev.fewtune.hub.Models;
import dev.fewtune.hub.Patience;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.step.Bench;
import dev.fewtune.step.Workshop;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a workflow that names a model of the user's own to its board. */
class OwnModelsTest {
    private static final String COMMIT = "1".repeat(40);
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        OwnModels.data(folder);
    }

    @Test
    void tunesALlamaInAFolderReadingItsLastToken() throws Exception {
        Path model = OwnModels.llama(folder.resolve("models/llama"));
        Workshop workshop = workshop("./models/llama", NOWHERE).all();

        assertThat(training(workshop).get("pooling").asText()).isEqualTo("last");
        assertBoard(workshop, model.toString());
    }

    @Test
    void tunesABertInAFolderReadingTheMeanOfItsTokens() throws Exception {
        Path model = OwnModels.bert(folder.resolve("models/bert"));
        Workshop workshop = workshop("models/bert", NOWHERE).all();

        assertThat(training(workshop).get("pooling").asText()).isEqualTo("mean");
        assertBoard(workshop, model.toString());
    }

    @Test
    void tunesARevisionOfTheHubThatIsFetchedWhenItsTextsAreTokenized() throws Exception {
        try (LoopbackHub hub = new LoopbackHub()) {
            hub.push("main", COMMIT, OwnModels.files(OwnModels.bert(folder.resolve("pushed"))));
            Workshop workshop = workshop("hf:acme/tiny", hub.endpoint());
            assertThat(hub.seen()).isEmpty();

            workshop.all();
            assertThat(workshop.json("tokenize", "dataset.json")
                            .get("backboneHash")
                            .asText())
                    .isEqualTo(COMMIT);
            assertBoard(workshop, "hf:acme/tiny@main");
        }
    }

    @Test
    void keepsTheRevisionThatItsTextsWereTokenizedFor() throws Exception {
        try (LoopbackHub hub = new LoopbackHub()) {
            hub.push("main", COMMIT, OwnModels.files(OwnModels.bert(folder.resolve("pushed"))));
            Workshop workshop = workshop("hf:acme/tiny", hub.endpoint()).step("tokenize");
            hub.push("main", "2".repeat(40), OwnModels.files(OwnModels.llama(folder.resolve("later"))));

            workshop.step("tune").step("evaluate").step("board");
            assertBoard(workshop, "hf:acme/tiny@main");
        }
    }

    @Test
    void refusesAFolderThatIsAnotherModelThanItsTextsWereTokenizedFor() throws Exception {
        Path model = OwnModels.bert(folder.resolve("bert"));
        Workshop workshop = workshop("./bert", NOWHERE).step("tokenize");
        damage(model.resolve("model.safetensors"));

        assertFailure(() -> workshop.step("tune"), model.toString(), "its content has changed", "Maybe");
    }

    @Test
    void scoresOfAChangedFolderAreNotComparedWithThoseBefore() throws Exception {
        Path model = OwnModels.bert(folder.resolve("bert"));
        JsonNode before = workshop("./bert", NOWHERE).all().json("evaluate", "score.json");
        damage(model.resolve("model.safetensors"));
        JsonNode after = workshop("./bert", NOWHERE).all().json("evaluate", "score.json");

        assertThat(after.get("comparability")).isNotEqualTo(before.get("comparability"));
        assertThat(after.get("dataHash")).isEqualTo(before.get("dataHash"));
    }

    @Test
    void namesATokenWithoutARowInTheTokenTableAndBothSizes() throws Exception {
        Path model = OwnModels.bert(folder.resolve("bert"));
        String words = Files.readString(model.resolve("vocab.txt"));
        Files.writeString(model.resolve("vocab.txt"), words.replace("w30\n", "x30\nx31\nx32\nx33\n"));
        Files.writeString(folder.resolve("train.tsv"), "w35 w1\ta\nw34 w2\tb\n", StandardOpenOption.APPEND);

        assertFailure(
                () -> workshop("./bert", NOWHERE).step("tokenize"),
                "train.tsv:26",
                "token 43",
                "41 rows",
                "its tokenizer knows 44 tokens",
                "Maybe");
    }

    @Test
    void namesTheWeightsThatCannotBeRead() throws Exception {
        Path model = OwnModels.llama(folder.resolve("llama"));
        Path weights = model.resolve("model.safetensors");
        Workshop workshop = workshop("./llama", NOWHERE);
        byte[] whole = Files.readAllBytes(weights);

        header(weights, Long.MAX_VALUE);
        assertFailure(() -> workshop.step("tokenize"), "model.safetensors", "header");
        Files.write(weights, Arrays.copyOf(whole, whole.length - 100));
        assertFailure(() -> workshop.step("tokenize"), "model.safetensors");
        Files.delete(weights);
        assertFailure(() -> workshop.step("tokenize"), model.toString(), "safetensors");
    }

    @Test
    void namesATensorOfAnotherShapeThanTheConfigurationTells() throws Exception {
        Path model = OwnModels.llama(folder.resolve("llama"));
        Path config = model.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"intermediate_size\": 28", "\"intermediate_size\": 30"));

        assertFailure(() -> workshop("./llama", NOWHERE).step("tokenize"), "mlp.gate_proj.weight", "28", "30");
    }

    @Test
    void namesWhatIsMissingWhereAFolderHasNoTokenizer() throws Exception {
        Path model = OwnModels.bert(folder.resolve("bert"));
        Files.delete(model.resolve("vocab.txt"));

        assertFailure(
                () -> workshop("./bert", NOWHERE).step("tokenize"), model + " has no tokenizer", "tokenizer.json");
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

    private static void assertBoard(Workshop workshop, String backbone) throws IOException {
        JsonNode table = workshop.json("board", "board.json").get("tables").get(0);
        assertThat(table.get("backbone").asText()).isEqualTo(backbone);
        assertThat(table.get("rows").findValuesAsText("variant")).contains("lora", "head-only");
        assertThat(workshop.json("evaluate", "score.json").get("value").asDouble())
                .isBetween(0.0, 1.0);
    }

    private static JsonNode training(Workshop workshop) throws IOException {
        return workshop.json("tune", "request.json").get("training");
    }

    private Workshop workshop(String backbone, URI hub) {
        HubSettings settings = new HubSettings(hub, "", false, Patience.USUAL);
        Models models = new Models(folder.resolve("hub"), settings, Clock.systemUTC());
        Bench bench = new LocalBench(folder.resolve("cache"), models, "test");
        return new Workshop(folder, OwnModels.workflow(backbone), bench);
    }

    /** Another number somewhere in the weights. */
    private static void damage(Path weights) throws IOException {
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes);
    }

    private static void header(Path weights, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .flip());
        }
    }
}
