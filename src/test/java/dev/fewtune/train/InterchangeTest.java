package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** From our tensors to a folder of PEFT and back, and what is wrong with a folder. */
class InterchangeTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final Path FOLDERS = Path.of("src/test/resources/peft");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    static List<String> folders() throws IOException {
        return PeftParityTest.folders();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void writesTheTensorsThatItHasReadFromPeft(String name) throws Exception {
        Path from = FOLDERS.resolve(name);
        Backbone backbone = backbone(Path.of(name).getName(0).toString());
        PeftImport found = new PeftImport(from, backbone);
        Settings settings = Settings.of(found.method().spec().settings(), found.settings());
        Map<String, Numbers> trained = new LinkedHashMap<>();
        Map<String, Numbers> beside = new LinkedHashMap<>();
        entries(found, backbone, settings).forEach(entry -> (entry.name().startsWith("vera.") ? beside : trained)
                .put(entry.name(), Numbers.of(entry)));

        if (name.endsWith("vera-shapes")) {
            assertThatThrownBy(() -> PeftExport.of(backbone, found.method(), settings, Aim.VERBALIZER, trained, beside))
                    .hasMessageContaining("PEFT's VERA has one for all. Maybe targets of one shape.");
            return;
        }
        PeftExport.Content content = PeftExport.of(backbone, found.method(), settings, Aim.VERBALIZER, trained, beside);
        PeftFolder.write(folder.resolve("out"), content.config(), content.entries());

        PeftFolder before = PeftFolder.read(from);
        PeftFolder after = PeftFolder.read(folder.resolve("out"));
        assertThat(after.tensors().keySet())
                .containsExactlyInAnyOrderElementsOf(before.tensors().keySet());
        before.tensors().forEach((tensor, numbers) -> {
            assertThat(after.tensors().get(tensor).shape()).as(tensor).isEqualTo(numbers.shape());
            assertThat(after.tensors().get(tensor).values()).containsExactly(numbers.values(), Offset.offset(1e-6));
        });
        Map<String, Object> config = after.config().fields();
        config.keySet()
                .removeAll(List.of(
                        "target_modules",
                        "feedforward_modules",
                        "base_model_name_or_path",
                        "auto_mapping",
                        "task_type"));
        config.forEach((field, value) -> {
            Object there = before.config().fields().get(field);
            if (there instanceof Number number && value instanceof Number own) {
                assertThat(own.doubleValue()).as(field).isEqualTo(number.doubleValue());
            } else if (there != null) {
                assertThat(value).as(field).isEqualTo(there);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "lora+, lora, bert",
        "pissa, lora, bert",
        "prefix-tuning, p-tuning-v2, llama",
        "residual-prompt, prompt-tuning, bert",
        "lopt, prompt-tuning, llama",
        "dpt, prompt-tuning, t5-v1_0",
    })
    void whatPeftLacksStandsThereAsAPlainerMethodOfTheSameResults(String name, String plain, String network)
            throws IOException {
        Backbone backbone = backbone(network);
        Contract contract = new Contract(backbone, new WeightFiles(folder.resolve("cache")).of(backbone), folder);
        Method method = Methods.named(name);
        Batch batch = Samples.batch(0, 8);
        Path out = folder.resolve("out");
        Settings own = name.equals("pissa")
                ? Settings.of(method.spec().settings(), Map.of("rank", 3))
                : Contract.settings(method);
        try (Learner<TFloat64> learner = contract.predictor(method, own, 1)) {
            learner.restore(shaken(learner));
            assertThat(Interchange.deliver(learner, backbone, method, own, request(name, network), out))
                    .isEmpty();
            PeftImport found = new PeftImport(out, backbone);
            assertThat(found.method().spec().name()).isEqualTo(plain);
            Settings settings = Settings.of(found.method().spec().settings(), found.settings());
            try (Learner<TFloat64> other = contract.predictor(found.method(), settings, 1)) {
                other.restore(file(found.entries(other.model().vars().trained(), List.of())));
                double[][] expected = learner.predict(batch);
                double[][] answers = other.predict(batch);
                for (int row = 0; row < expected.length; row++) {
                    assertThat(answers[row]).containsExactly(expected[row], Offset.offset(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "full, bert, PEFT has no method like full.",
        "dept, bert, PEFT has no method like dept.",
        "p-tuning-v2, bert, 'PEFT''s PREFIX_TUNING moves the places of the text, which only rotary positions, as Llama''s, make up for.'",
    })
    void saysWhyPeftHasNoPlace(String name, String network, String why) throws IOException {
        Backbone backbone = backbone(network);
        Contract contract = new Contract(backbone, new WeightFiles(folder.resolve("cache")).of(backbone), folder);
        Method method = Methods.named(name);
        try (Learner<TFloat64> learner = contract.predictor(method, 1)) {
            assertThat(Interchange.deliver(
                            learner,
                            backbone,
                            method,
                            Contract.settings(method),
                            request(name, network),
                            folder.resolve("out")))
                    .contains(why);
        }
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void saysWhereAFolderHasNoConfiguration() {
        assertYours(
                () -> Interchange.look(folder),
                "%s has no adapter_config.json. Maybe it is the folder above or below".formatted(folder));
    }

    @Test
    void saysWhereTheConfigurationIsNoJsonOrOfAnotherLibrary() throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{'r': 8}");
        assertYours(() -> Interchange.look(folder), "adapter_config.json is no JSON: ");
        Files.writeString(folder.resolve("adapter_config.json"), "{\"version\": \"adapters.1.2.0\"}");
        assertYours(
                () -> Interchange.look(folder), "has no peft_type. Maybe it was saved by another library than PEFT.");
    }

    @Test
    void namesTheTypesThatAreKnownWhereOneIsNot() throws IOException {
        copy("bert/lora", config -> config.put("peft_type", "CPT"));
        assertYours(
                () -> Interchange.look(folder),
                "The peft_type CPT in adapter_config.json is not known here. Known are BOFT, FOURIERFT, IA3, LN_TUNING, LOHA, "
                        + "LOKR, LORA, OFT, PREFIX_TUNING, PROMPT_TUNING, PROMPT_TUNING_LORA, P_TUNING, VERA. Maybe merge");
    }

    @Test
    void refusesAFieldThatChangesWhatIsComputed() throws IOException {
        copy("bert/lora", config -> config.putObject("alpha_pattern").put("query", 3));
        assertYours(
                () -> Interchange.look(folder),
                "adapter_config.json has alpha_pattern: {query=3}, which Fewtune does not compute. Maybe merge");
        copy("bert/lora", config -> config.put("init_lora_weights", "pissa_niter_4"));
        assertYours(
                () -> Interchange.look(folder), "Maybe save it in PEFT with path_initial_model_for_weight_conversion");
    }

    @Test
    void refusesAFieldOfTheWrongKind() throws IOException {
        copy("bert/lora", config -> config.put("r", "eight"));
        assertYours(() -> Interchange.look(folder), "r in adapter_config.json must be a number, not eight.");
    }

    @Test
    void namesTheModulesThatABackboneLacks() throws IOException {
        copy("bert/lora", config -> config.put("base_model_name_or_path", "org/bert"));
        assertYours(
                () -> new PeftImport(folder, backbone("llama")),
                "The adapter in %s (lora) updates modules that tiny lacks. It has input_layernorm, mlp.down_proj, "
                        .formatted(folder),
                "Maybe another backbone: the folder names org/bert.\n  bert.encoder.layer.0.attention.self.query\n");
    }

    @Test
    void namesTheTensorWhoseShapeIsWrong() throws IOException {
        copy("bert/lora", config -> config.put("r", 3).put("lora_alpha", 4));
        Backbone backbone = backbone("bert");
        PeftImport found = new PeftImport(folder, backbone);
        assertYours(
                () -> entries(found, backbone, Settings.of(found.method().spec().settings(), found.settings())),
                "The tensors in %s do not fit lora on tiny.\n  encoder.0.query.lora_a is [12, 3] here and [12, 2] in the folder "
                                .formatted(folder)
                        + "(as bert.encoder.layer.0.attention.self.query.lora_A.weight)\n");
    }

    @Test
    void namesTensorsThatAreMissingOrStrange() throws IOException {
        copy("bert/lora", config -> {});
        PeftFolder whole = PeftFolder.read(folder);
        List<Safetensors.Entry> some = new ArrayList<>();
        whole.tensors().forEach((name, numbers) -> some.add(numbers.entry(name)));
        Safetensors.writeForOthers(folder.resolve("adapter_model.safetensors"), some.subList(1, some.size()));
        Backbone backbone = backbone("bert");
        PeftImport found = new PeftImport(folder, backbone);
        assertYours(
                () -> entries(found, backbone, Settings.of(found.method().spec().settings(), found.settings())),
                "lora_A.weight is missing");

        some.add(
                some.get(0).isFinite()
                        ? whole.tensors().values().iterator().next().entry("base_model.model.x.bias")
                        : null);
        Safetensors.writeForOthers(folder.resolve("adapter_model.safetensors"), some);
        assertYours(
                () -> new PeftImport(folder, backbone),
                "holds tensors that lora does not have (on tiny).\n  base_model.model.x.bias");
    }

    @Test
    void saysWhereThereAreNoTensors() throws IOException {
        copy("bert/lora", config -> {});
        Files.delete(folder.resolve("adapter_model.safetensors"));
        assertYours(
                () -> PeftFolder.read(folder),
                "has neither adapter_model.safetensors nor adapter_model.bin. Maybe save the adapter in PEFT again.");
    }

    @Test
    void saysWhatAFolderNeedsForAHead() throws IOException {
        copy("bert/lora", config -> {});
        Supply supply = Supply.builtIn(folder.resolve("cache"));
        Interchange interchange = new Interchange(supply);
        String model = MODELS.resolve("bert").toString();
        TrainRequest request = request("lora", model);
        Path adapter = folder.resolve("adapter.safetensors");
        assertYours(
                () -> interchange.adopt(folder, request, adapter), "holds no head, and the objective head needs one.");

        Map<String, Numbers> tensors =
                new LinkedHashMap<>(PeftFolder.read(folder).tensors());
        tensors.put("base_model.model.classifier.weight", new Numbers(new long[] {2, 12}, new double[24]));
        write(tensors);
        assertYours(
                () -> interchange.adopt(folder, request, adapter),
                "has 2 outputs, and the task needs 3. Maybe another task.");

        tensors.put("base_model.model.classifier.weight", new Numbers(new long[] {3, 12}, new double[36]));
        write(tensors);
        assertYours(
                () -> interchange.adopt(folder, request, adapter), "reads what Transformers' pooling network makes");
        assertThat(adapter).doesNotExist();

        Files.writeString(folder.resolve("fewtune.json"), "{\"training\": {\"pooling\": \"mean\"}}");
        assertThat(interchange.find(folder, model).settings()).containsEntry("targets", List.of("query", "value"));
        assertThat(interchange.adopt(folder, request, adapter).headParameters()).isEqualTo(39);
        assertThat(adapter).exists();
    }

    private void write(Map<String, Numbers> tensors) throws IOException {
        List<Safetensors.Entry> entries = new ArrayList<>();
        tensors.forEach((name, numbers) -> entries.add(numbers.entry(name)));
        Safetensors.writeForOthers(folder.resolve("adapter_model.safetensors"), entries);
    }

    /** Into the folder of the test, with another configuration. */
    private void copy(String name, Consumer<ObjectNode> change) throws IOException {
        Path from = FOLDERS.resolve(name);
        ObjectNode config =
                (ObjectNode) JSON.readTree(from.resolve("adapter_config.json").toFile());
        change.accept(config);
        Files.writeString(folder.resolve("adapter_config.json"), config.toString());
        Files.write(
                folder.resolve("adapter_model.safetensors"),
                Files.readAllBytes(from.resolve("adapter_model.safetensors")));
    }

    private Safetensors shaken(Learner<TFloat64> learner) throws IOException {
        List<Safetensors.Entry> entries = new ArrayList<>();
        learner.trainedNumbers().forEach((name, numbers) -> {
            KeyedRandom random = new KeyedRandom(5, name);
            double[] values = numbers.values().clone();
            java.util.Arrays.setAll(values, i -> values[i] + 0.1 * random.nextGaussian());
            entries.add(new Numbers(numbers.shape(), values).entry(name));
        });
        return file(entries);
    }

    private Safetensors file(List<Safetensors.Entry> entries) throws IOException {
        Path file = folder.resolve("values.safetensors");
        Safetensors.write(file, entries);
        return Safetensors.open(file);
    }

    private static List<Safetensors.Entry> entries(PeftImport found, Backbone backbone, Settings settings) {
        // A head would read one stack of two.
        Aim aim = backbone.spec().readsThenWrites() ? Aim.textToText(4, 1) : Aim.head();
        try (Graph graph = new Graph()) {
            Vars<TFloat32> vars = new Model<>(
                            Ops.create(graph),
                            TFloat32.class,
                            backbone,
                            found.method(),
                            settings,
                            new Model.Task(3, false, "mean", 0, false, 0, 0, Precision.F32, aim),
                            false)
                    .vars();
            return found.entries(
                    vars.trained(),
                    vars.frozen().stream()
                            .filter(variable -> variable.init() != null)
                            .toList());
        }
    }

    private static TrainRequest request(String method, String backbone) {
        return new TrainRequest(
                backbone,
                method,
                Map.of("targets", List.of("query", "value"), "rank", 2, "alpha", 4.0),
                3,
                false,
                "accuracy",
                new TrainSettings(1, 8, 0, "linear", 0.1, 0, 0, 1, "mean", true, 0),
                1);
    }

    private static Backbone backbone(String name) {
        return FolderBackbone.open("tiny", MODELS.resolve(name));
    }

    private static void assertYours(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains(words));
    }
}
