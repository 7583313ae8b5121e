package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Outfit;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat64;

/** What was trained goes into the weights of the network, where the method says so. */
class MergingTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final Model.Task TASK = new Model.Task(3, false, "mean", 0.1, false);
    private static final Batch BATCH = Samples.batch(0, 8);

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return Stream.of("bert", "llama", "t5-v1_1").flatMap(network -> Methods.ALL.stream()
                .filter(method -> method.spec().fold() == Fold.MERGES)
                .map(method -> method.spec().name())
                .filter(name -> !addsBiases(name, network))
                .map(name -> Arguments.argumentSet(name + " on " + network, name, network)));
    }

    /** Through a folder for Transformers, which is read again as a network of its own. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aMergedNetworkGivesTheSameLogitsAndLeavesTheOldOneAsItWas(String name, String network) throws IOException {
        Backbone backbone = Texts.backbone(network);
        Method method = Methods.named(name);
        Weights weights = new WeightFiles(folder).of(backbone);
        Contract contract = new Contract(backbone, weights, folder);
        try (Learner<TFloat64> learner = contract.predictor(method, 1)) {
            Safetensors adapter = shaken(learner);
            learner.restore(adapter);
            double[][] expected = learner.predict(BATCH);
            Map<String, byte[]> before =
                    Contract.bytes(learner, learner.model().vars().frozen());
            Path merged = folder.resolve("merged");
            try (Merging<TFloat64> merging = merging(backbone, method, Contract.settings(method), weights, adapter)) {
                backbone.save(new Outfit(Optional.empty(), Map.of(), merging::values, List.of()), merged);
            }
            assertPredicts(merged, learner, expected);
            Contract.bytes(learner, learner.model().vars().frozen())
                    .forEach((tensor, bytes) -> assertThat(bytes).as(tensor).isEqualTo(before.get(tensor)));
        }
    }

    static Stream<String> others() {
        return Methods.ALL.stream()
                .filter(method -> method.spec().fold() != Fold.MERGES && !method.headAlone())
                .map(method -> method.spec().name());
    }

    @ParameterizedTest
    @MethodSource("others")
    void refusesToMergeWhatIsNotInTheWeights(String name) throws IOException {
        Method method = Methods.named(name);
        assertRefused(method, Contract.settings(method), "bert", "it changes what leaves encoder.");
    }

    @ParameterizedTest
    @CsvSource({"krona-b, encoder.0.feed_forward", "krona-b-res, encoder.0.feed_forward"})
    void refusesAFormThatStandsBesideASubLayer(String form, String place) throws IOException {
        Method krona = Methods.named("krona");
        assertRefused(krona, Settings.of(krona.spec().settings(), Map.of("form", form)), "bert", place);
    }

    @ParameterizedTest
    @CsvSource({"llama, decoder.0.", "t5-v1_1, encoder.0."})
    void refusesBiasesThatTheNetworkHasNoPlaceFor(String network, String place) throws IOException {
        Method bitfit = Methods.named("bitfit");
        assertRefused(bitfit, Contract.settings(bitfit), network, "has no place for " + place);
    }

    /** As Transformers' BertForSequenceClassification and RobertaForSequenceClassification compute it. */
    @ParameterizedTest
    @CsvSource({
        "bert, BertForSequenceClassification, bert.pooler.dense, classifier",
        "roberta, RobertaForSequenceClassification, classifier.dense, classifier.out_proj"
    })
    void aHeadOnTheFirstTokenIsThatOfTransformersClass(String network, String type, String dense, String out)
            throws Exception {
        TrainRequest request = trained(network, "cls");
        Path merged = folder.resolve("merged");
        new Interchange(supply()).merge(request, folder.resolve("out").resolve(Trainer.ADAPTER), merged);
        JsonNode config =
                new ObjectMapper().readTree(merged.resolve("config.json").toFile());
        assertThat(config.at("/architectures/0").asText()).isEqualTo(type);
        assertThat(config.at("/id2label/2").asText()).isEqualTo("LABEL_2");
        Safetensors weights = Safetensors.open(merged.resolve("model.safetensors"));
        double[] identity = weights.numbers(dense + ".weight");
        assertThat(identity[0]).isEqualTo(1.0 / 65_536);
        assertThat(identity[1]).isZero();
        Safetensors adapter = Safetensors.open(folder.resolve("out").resolve(Trainer.ADAPTER));
        assertThat(weights.numbers(out + ".bias")).isEqualTo(adapter.numbers("head.bias"));
        assertThat(weights.numbers(out + ".weight")[1] / 65_536).isEqualTo(adapter.numbers("head.weight")[3]);
        assertThat(weights.names()).noneMatch(name -> name.startsWith("cls.") || name.startsWith("lm_head."));
        assertThat(merged.resolve(Interchange.HEAD)).doesNotExist();
        assertThat(FolderBackbone.open("merged", merged).spec().family()).isEqualTo(network);
    }

    @Test
    void aHeadWithoutAClassStandsInAFileOfItsOwnAndTheFolderSaysWhatItReads() throws Exception {
        TrainRequest request = trained("t5-v1_1", "mean");
        Path merged = folder.resolve("merged");
        new Interchange(supply()).merge(request, folder.resolve("out").resolve(Trainer.ADAPTER), merged);
        assertThat(Safetensors.open(merged.resolve(Interchange.HEAD)).shape("weight"))
                .containsExactly(3, 12);
        assertThat(Files.readString(merged.resolve("README.md")))
                .contains("the mean of the states of all tokens that are no padding of the last layer of the encoder");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void refusesAModelThatIsAnotherOneThanAtTheTraining() throws Exception {
        Path adapter = folder.resolve("adapter.safetensors");
        Safetensors.write(adapter, List.of(), Map.of(Interchange.WEIGHTS, "other"));
        TrainRequest request = Trainings.request(MODELS.resolve("bert").toString(), "lora", Map.of());
        assertThatThrownBy(() -> new Interchange(supply()).merge(request, adapter, folder.resolve("merged")))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("are others than those of the training");
        assertThat(folder.resolve("merged")).doesNotExist();
    }

    /** The paper's form of Threshold-Mask: the random head is masked and does not train. */
    @Test
    void aMaskedHeadIsWithoutWhatIsMasked() throws Exception {
        TrainRequest request = trained("bert", "threshold-mask", Map.of("mask_head", true, "zeros", 0.4), "cls");
        Path adapter = folder.resolve("out").resolve(Trainer.ADAPTER);
        Path merged = folder.resolve("merged");
        new Interchange(supply()).merge(request, adapter, merged);
        Safetensors bits = Safetensors.open(adapter);
        double[] in = Bits.unpacked(bits.bytes("task.head.scores"), 3 * 12);
        double[] head = Safetensors.open(merged.resolve("model.safetensors")).numbers("classifier.weight");
        assertThat(in).contains(0, 1);
        for (int row = 0; row < 12; row++) {
            for (int type = 0; type < 3; type++) {
                assertThat(head[type * 12 + row] == 0).isEqualTo(in[row * 3 + type] == 0);
            }
        }
        assertThat(bits.names()).noneMatch(name -> name.startsWith("head."));
    }

    private static boolean addsBiases(String name, String network) {
        return name.equals("bitfit") && !network.contains("bert");
    }

    private void assertPredicts(Path merged, Learner<TFloat64> head, double[][] expected) throws IOException {
        Backbone backbone = FolderBackbone.open("merged", merged);
        Contract contract = new Contract(backbone, new WeightFiles(folder).of(backbone), folder);
        try (Learner<TFloat64> plain = contract.predictor(Methods.named("head-only"), 1)) {
            Path file = folder.resolve("head.safetensors");
            Safetensors.write(
                    file,
                    head.values(head.fixed().stream()
                            .filter(variable -> variable.name().startsWith("head."))
                            .toList()));
            plain.restore(Safetensors.open(file));
            double[][] found = plain.predict(BATCH);
            for (int row = 0; row < expected.length; row++) {
                assertThat(found[row]).containsExactly(expected[row], Offset.offset(1e-5));
            }
        }
    }

    private void assertRefused(Method method, Settings settings, String network, String says) throws IOException {
        Backbone backbone = Texts.backbone(network);
        Weights weights = new WeightFiles(folder).of(backbone);
        Contract contract = new Contract(backbone, weights, folder);
        try (Learner<TFloat64> learner = contract.predictor(method, settings, 1)) {
            Safetensors adapter = shaken(learner);
            assertThatThrownBy(() -> merging(backbone, method, settings, weights, adapter)
                            .close())
                    .isInstanceOfSatisfying(CellFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Cause.YOURS))
                    .hasMessageStartingWith(method.spec().name() + " cannot be merged")
                    .hasMessageContaining(says);
        }
    }

    private static Merging<TFloat64> merging(
            Backbone backbone, Method method, Settings settings, Weights weights, Safetensors adapter) {
        Model.Task task = TASK.beside(Sources.tiny(backbone.spec().hidden()), List.of());
        return new Merging<>(TFloat64.class, backbone, method, settings, task, weights, 1, adapter);
    }

    /** Moves every number, so that no part is still at a start where it has no effect. */
    private Safetensors shaken(Learner<TFloat64> learner) throws IOException {
        List<Safetensors.Entry> entries = learner.values(learner.model().vars().delivered());
        for (Safetensors.Entry entry : entries) {
            ByteBuffer bytes = entry.bytes().order(ByteOrder.LITTLE_ENDIAN);
            KeyedRandom random = new KeyedRandom(3, entry.name());
            for (int at = 0; at < bytes.capacity(); at += 8) {
                bytes.putDouble(at, bytes.getDouble(at) + 0.1 * random.nextGaussian());
            }
        }
        Path file = folder.resolve("adapter.safetensors");
        Safetensors.write(file, entries);
        return Safetensors.open(file);
    }

    private TrainRequest trained(String network, String pooling) {
        return trained(network, "lora", Map.of("rank", 2), pooling);
    }

    private TrainRequest trained(String network, String method, Map<String, Object> settings, String pooling) {
        TrainRequest request = Trainings.request(
                MODELS.resolve(network).toString(), method, settings, "epochs", 1, "pooling", pooling);
        new Trainer(supply())
                .run(
                        request,
                        Samples.split("train", 16),
                        Samples.split("validation", 8),
                        LearningRates::accuracy,
                        folder.resolve("out"),
                        folder.resolve("checkpoints"),
                        Progress.SILENT);
        return request;
    }

    private Supply supply() {
        return new Supply(List.of(), Methods.ALL, new WeightFiles(folder));
    }
}
