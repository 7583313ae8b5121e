package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.hub.HubSettings;
import dev.fewtune.hub.Models;
import dev.fewtune.hub.Patience;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.step.Bench;
import dev.fewtune.step.Model;
import dev.fewtune.step.Workshop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainBackboneTest {
    private static final String YAML = """
            schema: fewtune/v1
            name: pretrain
            steps:
              pretrain:
                uses: pretrain-backbone
                matrix: { seed: [1] }
                with:
                  text: ./text
                  into: ./made
                  tokenizer: %s
                  architecture: %s
                  vocabulary: 0
                  width: 16
                  layers: 1
                  heads: 2
                  inner: 32
                  length: 24
                  steps: %s
                  batch_size: 8
                  lr: 0.02
                  validate_every: 20
                  held_out: 20
                  checkpoint_every: 7
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        OwnModels.bert(folder.resolve("bert"));
        OwnModels.t5(folder.resolve("t5"));
        Files.createDirectories(folder.resolve("text"));
        String round = IntStream.range(0, 32).mapToObj(i -> "w" + i).collect(Collectors.joining(" ", "", "\n"));
        Files.writeString(folder.resolve("text/round.txt"), round.repeat(120));
    }

    @ParameterizedTest
    @CsvSource({"t5, T5ForConditionalGeneration, 3.1780", "bert, BertForMaskedLM, 3.4657"})
    void makesAModelThatKnowsTheTextBetterThanItsWordCounts(String architecture, String known, double unigram)
            throws Exception {
        Workshop shop = shop(architecture, 60).all();

        JsonNode result = shop.json("pretrain", "pretrain.json");
        assertThat(result.get("curve")).hasSize(3);
        assertThat(result.at("/curve/2/heldOut").asDouble())
                .isEqualTo(result.get("heldOut").asDouble())
                .isLessThan(result.at("/curve/0/heldOut").asDouble())
                .isLessThan(result.get("unigram").asDouble() - 0.5);
        assertThat(result.get("unigram").asDouble()).isCloseTo(unigram, within(0.03));
        Path made = folder.resolve("made");
        assertThat(Files.readString(made.resolve("config.json"))).contains(known);
        assertThat(made.resolve("model.safetensors"))
                .hasSameBinaryContentAs(shop.file("pretrain", "model/model.safetensors"));
        Model model = bench().model(made.toString(), Progress.SILENT);
        assertThat(model.spec().family()).isEqualTo(architecture);
        assertThat(Safetensors.open(made.resolve("model.safetensors")).names()).noneMatch(name -> name.contains("gap"));
    }

    @ParameterizedTest
    @CsvSource({"t5", "bert"})
    void endsWithTheSameBitsAfterAnInterrupt(String architecture) throws Exception {
        Path made = folder.resolve("made");
        shop(architecture, 30).all();
        byte[] whole = Files.readAllBytes(made.resolve("model.safetensors"));
        delete(made);
        delete(folder.resolve("kept-0"));

        Stopping stopping = new Stopping(17);
        assertThatThrownBy(() -> shop(architecture, 30).telling(stopping).all()).isInstanceOf(CancelledException.class);
        assertThat(made).doesNotExist();
        Stopping going = new Stopping(1000);
        shop(architecture, 30).telling(going).all();

        assertThat(going.lines).contains("Goes on from step 17 of 30.");
        assertThat(Files.readAllBytes(made.resolve("model.safetensors"))).isEqualTo(whole);
    }

    @Test
    void withoutAnyStepGivesARandomModel() throws Exception {
        Workshop shop = shop("t5", 0).all();
        assertThat(shop.json("pretrain", "pretrain.json").get("curve")).isEmpty();
        assertThat(folder.resolve("made/model.safetensors")).exists();
    }

    @Test
    void theStepsBehindItTakeTheModelThatItMade() throws Exception {
        OwnModels.data(folder);
        String yaml = YAML.formatted("./t5", "t5", 0)
                .replace(
                        "steps:\n  pretrain:",
                        "tasks: { own: { files: { train: train.tsv, test: test.tsv }, text: text, label: label } }\n"
                                + "steps:\n  pretrain:")
                .concat("""
                          tokenize:
                            uses: tokenize
                            needs: [pretrain]
                            matrix: { task: [own] }
                            with: { backbone: ./made, max_length: 16 }
                        """);
        Workshop shop = new Workshop(folder, yaml, bench()).all();
        assertThat(shop.json("tokenize", "dataset.json").get("backbone").asText())
                .isEqualTo(folder.resolve("made").toString());
    }

    @Test
    void neverOverwritesWhatIsThere() throws IOException {
        Files.createDirectories(folder.resolve("made"));
        Files.writeString(folder.resolve("made/thesis.txt"), "dear");
        assertThatThrownBy(() -> shop("t5", 1).all())
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "%s holds thesis.txt already, which a run would overwrite. "
                                + "Maybe another name for into, or remove the folder.",
                        folder.resolve("made"));
    }

    @Test
    void saysThatWidthAndHeadsDoNotFit() {
        String yaml = YAML.formatted("./t5", "t5", 1).replace("heads: 2", "heads: 3");
        assertThatThrownBy(() -> new Workshop(folder, yaml, bench()).all())
                .isInstanceOf(CellFailure.class)
                .hasMessage("The width (16) must be a multiple of the heads (3). Maybe width: 18.");
    }

    @Test
    void saysWhichTokenTheTokenizerLacks() {
        assertThatThrownBy(() -> new Workshop(folder, YAML.formatted("./t5", "bert", 1), bench()).all())
                .isInstanceOf(CellFailure.class)
                .hasMessage("The tokenizer has no token [PAD], which a BERT needs. Maybe take that of a BERT.");
    }

    @Test
    void saysThatThereIsNoTokenizer() {
        assertThatThrownBy(() -> new Workshop(folder, YAML.formatted("./nowhere", "t5", 1), bench()).all())
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "There is no folder %s. Maybe tokenizer: minilm-l6, which is built in.",
                        folder.resolve("nowhere"));
    }

    @Test
    void makesATokenizerOfABertOneForAT5WithTheFrequentWordsAlone() throws Exception {
        String yaml = YAML.formatted("minilm-l6", "t5", 2).replace("vocabulary: 0", "vocabulary: 100");
        new Workshop(folder, yaml, bench()).all();
        String tokenizer = Files.readString(folder.resolve("made/tokenizer.json"));
        assertThat(tokenizer).contains("<extra_id_99>").doesNotContain("\"transformer\"");
    }

    /** The weights of a new BERT are too small to go far in few steps that grow with them. */
    private Workshop shop(String architecture, int steps) {
        String yaml = YAML.formatted("./" + architecture, architecture, steps);
        String plain = yaml.replace("lr: 0.02\n", "lr: 0.02\n      optimizer: adamw\n      scale_parameter: false\n");
        return new Workshop(folder, architecture.equals("bert") ? plain : yaml, bench());
    }

    private Bench bench() {
        HubSettings settings = new HubSettings(URI.create("http://localhost"), "", true, Patience.USUAL);
        Models models = new Models(folder.resolve("hub"), settings, Clock.systemUTC());
        return new LocalBench(folder.resolve("cache"), models, "test");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Cancels after some optimizer steps. */
    private static final class Stopping implements Progress {
        private final int after;
        private int losses;
        private final List<String> lines = new ArrayList<>();

        Stopping(int after) {
            this.after = after;
        }

        @Override
        public void at(long done, long total) {}

        @Override
        public void log(String line) {
            lines.add(line);
        }

        @Override
        public void metric(String name, long step, double value) {
            losses += name.equals("loss") ? 1 : 0;
        }

        @Override
        public void check() {
            if (losses >= after) {
                throw new CancelledException();
            }
        }
    }
}
