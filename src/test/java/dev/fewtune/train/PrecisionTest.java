package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.LanguageLoss;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/** What bf16 rounds, what it leaves alone, and how much that changes. */
class PrecisionTest {
    /** A product of two numbers of 8 bits is off by up to 2^-8, and some of these errors add up. */
    private static final Percentage CLOSE = Percentage.withPercentage(1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "bert", "roberta", "llama"})
    void theLossOfALanguageModelIsCloseToThatInFloat32ButNotTheSame(String name) throws IOException {
        double wide = languageLoss(name, false);
        assertThat(languageLoss(name, true)).isCloseTo(wide, CLOSE).isNotEqualTo(wide);
    }

    @Test
    void aTrainingLearnsWhatItLearnsInFloat32() {
        TrainResult wide = run("f32");
        TrainResult narrow = run("bf16");
        for (int epoch = 0; epoch < wide.curve().size(); epoch++) {
            double expected = wide.curve().get(epoch).trainLoss();
            assertThat(narrow.curve().get(epoch).trainLoss())
                    .isCloseTo(expected, CLOSE)
                    .isNotEqualTo(expected);
        }
        assertThat(narrow.curve().get(2).trainLoss())
                .isLessThan(narrow.curve().get(0).trainLoss());
    }

    @Test
    void keepsFrozenMatricesInHalfTheBytesAndAllElseInFloat32() throws IOException {
        try (Learner<TFloat32> learner = learner("lora")) {
            for (Variable<TFloat32> variable : learner.model().vars().frozen()) {
                assertThat(variable.kept())
                        .as(variable.name())
                        .isEqualTo(variable.shape().length > 1 ? TBfloat16.class : TFloat32.class);
            }
            assertThat(learner.model().vars().frozen()).anyMatch(variable -> variable.kept() == TBfloat16.class);
            assertThat(learner.model().vars().trained())
                    .allSatisfy(variable -> assertThat(variable.kept()).isEqualTo(TFloat32.class));
            assertThat(learner.moments()).isNotEmpty().allSatisfy(moment -> assertThat(moment.type())
                    .isEqualTo("F32"));
        }
        Safetensors narrow = Safetensors.open(folder.resolve(new TinyBert().identity() + "-bf16.safetensors"));
        assertThat(narrow.type("encoder.0.query.weight")).isEqualTo("BF16");
        assertThat(narrow.type("encoder.0.query.bias")).isEqualTo("F32");
        assertThat(Files.size(folder.resolve(new TinyBert().identity() + "-bf16.safetensors")))
                .isLessThan(Files.size(folder.resolve(new TinyBert().identity() + ".safetensors")));
    }

    /** What trains begins where it does in float32: its master is not rounded. */
    @Test
    void pretrainedMatricesThatTrainBeginUnrounded() throws IOException {
        try (Learner<TFloat32> learner = learner("full")) {
            Safetensors wide = Safetensors.open(folder.resolve(new TinyBert().identity() + ".safetensors"));
            Safetensors.Entry query = learner.values(learner.model().vars().trained()).stream()
                    .filter(entry -> entry.name().equals("encoder.0.query.weight"))
                    .findFirst()
                    .orElseThrow();
            assertThat(query.bytes()).isEqualTo(wide.bytes("encoder.0.query.weight"));
        }
    }

    @Test
    void multipliesInBfloat16AndDoesNormsSoftmaxHeadAndLossInFloat32() {
        try (Graph graph = new Graph()) {
            new Model<>(
                    Ops.create(graph),
                    TFloat32.class,
                    new TinyBert(),
                    Methods.named("lora"),
                    Settings.of(Methods.named("lora").spec().settings(), Map.of()),
                    new Model.Task(3, false, "mean", 0, true).in(Precision.BF16),
                    false);
            assertThat(results(graph, "MatMul"))
                    .contains(TBfloat16.class)
                    .filteredOn(type -> type != TBfloat16.class)
                    .as("the head")
                    .hasSize(1);
            for (String wide : List.of("Softmax", "Rsqrt", "BatchMatMulV3", "Mean")) {
                assertThat(results(graph, wide)).as(wide).isNotEmpty().containsOnly(TFloat32.class);
            }
        }
    }

    private static List<Class<?>> results(Graph graph, String operation) {
        List<Class<?>> types = new ArrayList<>();
        for (var all = graph.operations(); all.hasNext(); ) {
            GraphOperation next = all.next();
            if (next.type().equals(operation)) {
                types.add(next.output(0).type());
            }
        }
        return types;
    }

    private double languageLoss(String name, boolean narrow) throws IOException {
        LanguageLoss net = new LanguageLoss(Path.of("src/test/resources/models").resolve(name));
        try (Graph graph = new Graph();
                Session session = new Session(graph, Learner.config())) {
            Ops tf = Ops.create(graph);
            Vars<TFloat32> vars = new Vars<>(tf, TFloat32.class, narrow);
            Pass<TFloat32> pass = new Pass<>(tf, TFloat32.class, null, narrow);
            Operand<TFloat32> loss = net.loss(new Layers<>(pass, vars, new Graft<>() {}, 0));
            vars.assign(session, net.weights(folder), 1);
            try (Result result = session.runner().fetch(loss).run()) {
                return Tensors.read(result.get(0))[0];
            }
        }
    }

    private Learner<TFloat32> learner(String name) {
        Method method = Methods.named(name);
        return new Learner<>(
                TFloat32.class,
                new TinyBert(),
                method,
                Settings.of(method.spec().settings(), Map.of()),
                new Model.Task(3, false, "mean", 0, true).in(Precision.BF16),
                new Optimizing(0, 0),
                new WeightFiles(folder).of(new TinyBert(), Precision.BF16),
                1);
    }

    private TrainResult run(String precision) {
        return new Trainer(new Supply(List.of(new TinyBert()), Methods.ALL, new WeightFiles(folder)))
                .run(
                        Trainings.request("tiny", "lora", Map.of("rank", 4), "precision", precision),
                        Samples.split("train", 60),
                        Samples.split("validation", 20),
                        LearningRates::accuracy,
                        folder.resolve(precision),
                        folder.resolve(precision + "-checkpoints"),
                        Progress.SILENT);
    }
}
