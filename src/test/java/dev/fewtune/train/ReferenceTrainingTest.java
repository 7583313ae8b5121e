package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.backbone.LanguageLoss;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Losses, gradients and short trainings are those of Transformers and PEFT on the same weights; made by {@code
 * src/test/reference/training.py}.
 */
class ReferenceTrainingTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final List<String> NETWORKS = List.of("t5-v1_0", "t5-v1_1", "bert", "roberta", "llama");
    /** Relative differences of losses that are let pass. */
    private static final double NARROW = 1e-4;

    private static final double WIDE = 1e-6;

    @TempDir
    Path cache;

    static Stream<Arguments> networks() {
        return NETWORKS.stream().flatMap(name -> Stream.of(TFloat64.class, TFloat32.class)
                .map(type -> Arguments.argumentSet(name + " in " + type.getSimpleName(), name, type)));
    }

    static List<String> names() {
        return NETWORKS;
    }

    @ParameterizedTest
    @MethodSource("networks")
    <T extends TFloating> void lossAndGradientsAreThoseOfTransformers(String name, Class<T> type) throws IOException {
        JsonNode expected = expected(name);
        double share = type == TFloat64.class ? WIDE : 1e-4;
        JsonNode norms = expected.get("gradient_norms");
        try (Training<T> training = new Training<>(type, name, "full", Map.of(), new Optimizing(0, 0))) {
            assertThat(training.loss())
                    .isEqualTo(expected.get("loss").asDouble(), relative(expected.get("loss"), share / 10));
            Map<String, Double> found = training.gradientNorms();
            Map<String, String> names = training.net.names();
            double largest = 0;
            for (JsonNode norm : norms) {
                largest = Math.max(largest, norm.asDouble());
            }
            for (var fields = norms.fields(); fields.hasNext(); ) {
                var field = fields.next();
                assertThat(names).containsKey(field.getKey());
                Double ours = found.remove(names.get(field.getKey()));
                double wanted = field.getValue().asDouble();
                assertThat(ours)
                        .as("norm of the gradient of %s of %s", field.getKey(), name)
                        .isNotNull()
                        .isEqualTo(wanted, Offset.offset(share * (wanted + largest / 100)));
            }
            assertThat(found).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    <T extends TFloating> void twentyStepsOfAdamWWithLoraAreThoseOfPeft(String name, Class<T> type) throws IOException {
        JsonNode expected = expected(name).get("lora");
        try (Training<T> training = new Training<>(type, name, "lora", lora(expected), adamw(expected))) {
            training.start(expected.get("start"));
            assertSteps(training, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    <T extends TFloating> void twentyStepsOfAdamWWithPromptTuningAreThoseOfPeft(String name, Class<T> type)
            throws IOException {
        JsonNode expected = expected(name).get("prompt");
        Map<String, Object> settings = Map.of("length", expected.get("length").asLong());
        try (Training<T> training = new Training<>(type, name, "prompt-tuning", settings, adamw(expected))) {
            training.startOnly(expected.get("start"));
            assertSteps(training, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void twentyStepsOfAdafactorWithLoraAreThoseOfTransformers(String name) throws IOException {
        JsonNode all = expected(name);
        JsonNode expected = all.get("lora_adafactor");
        try (Training<?> training =
                new Training<>(TFloat64.class, name, "lora", lora(all.get("lora")), adafactor(expected))) {
            training.start(all.get("lora").get("start"));
            assertSteps(training, expected);
        }
    }

    /** Vectors are not factored; rates grow with what they move. */
    @ParameterizedTest
    @MethodSource("names")
    void twentyStepsOfAdafactorWithAllParametersAreThoseOfTransformers(String name) throws IOException {
        JsonNode expected = expected(name).get("full_adafactor");
        try (Training<?> training = new Training<>(TFloat64.class, name, "full", Map.of(), adafactor(expected))) {
            assertSteps(training, expected);
        }
    }

    /** Else a difference in float32 would say nothing about ours. */
    @ParameterizedTest
    @MethodSource("names")
    void pyTorchItselfEndsAlikeInFloat32AndInFloat64(String name) throws IOException {
        for (String kind : List.of("lora", "prompt", "lora_adafactor", "full_adafactor")) {
            assertThat(expected(name).get(kind).get("float32_apart").asDouble())
                    .as(kind)
                    .isLessThan(NARROW / 10);
        }
    }

    private static void assertSteps(Training<?> training, JsonNode expected) {
        double share = training.type == TFloat64.class ? WIDE : NARROW;
        double rate = expected.get("lr").asDouble();
        JsonNode losses = expected.get("losses");
        for (int step = 0; step < losses.size() - 1; step++) {
            assertThat(training.step(rate, step))
                    .as("loss before step %s", step + 1)
                    .isEqualTo(losses.get(step).asDouble(), relative(losses.get(step), share));
        }
        JsonNode last = losses.get(losses.size() - 1);
        assertThat(training.loss()).as("loss at the end").isEqualTo(last.asDouble(), relative(last, share));
        assertThat(last.asDouble()).isLessThan(losses.get(0).asDouble());
    }

    private static Map<String, Object> lora(JsonNode expected) {
        return Map.of(
                "rank",
                expected.get("rank").asLong(),
                "alpha",
                expected.get("alpha").asDouble(),
                "targets",
                java.util.List.of("query", "value"));
    }

    private static Optimizing adamw(JsonNode expected) {
        return new Optimizing(
                expected.get("weight_decay").asDouble(), expected.get("clip").asDouble());
    }

    private static Optimizing adafactor(JsonNode expected) {
        return new Optimizing(
                expected.get("weight_decay").asDouble(),
                expected.get("clip").asDouble(),
                1,
                1,
                1,
                new Optimizing.Factored(
                        expected.get("scale_parameter").asBoolean(),
                        expected.get("clip_threshold").asDouble()));
    }

    private static Offset<Double> relative(JsonNode wanted, double share) {
        return Offset.offset(share * Math.abs(wanted.asDouble()));
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(MODELS.resolve(name).resolve("training.json").toFile());
    }

    /** A network with a method, its language loss and an optimizer in one session. */
    private final class Training<T extends TFloating> implements AutoCloseable {
        private final Class<T> type;
        private final LanguageLoss net;
        private final Graph graph = new Graph();
        private final Vars<T> vars;
        private final Operand<T> loss;
        private final Optimizer<T> optimizer;
        private final Session session;

        Training(Class<T> type, String name, String method, Map<String, Object> given, Optimizing optimizing)
                throws IOException {
            this.type = type;
            net = new LanguageLoss(MODELS.resolve(name));
            Ops tf = Ops.create(graph);
            vars = new Vars<>(tf, type);
            Method known = Methods.named(method);
            Settings settings = Settings.of(known.spec().settings(), given);
            loss = net.loss(new Layers<>(new Pass<>(tf, type, null), vars, known.graft(vars, settings), 0));
            optimizer = new Optimizer<>(tf, type, loss, vars.trained(), optimizing);
            session = new Session(graph, Learner.config());
            vars.assign(session, net.weights(cache), 1);
            optimizer.moments().zero(session);
        }

        /** Sets the matrices of LoRA, given by the name that Transformers has for the matrix that they update. */
        void start(JsonNode start) {
            Map<String, Variable<T>> known = new HashMap<>();
            vars.trained().forEach(variable -> known.put(variable.name(), variable));
            for (var fields = start.fields(); fields.hasNext(); ) {
                var field = fields.next();
                String matrix = net.names().get(field.getKey());
                String at = matrix.substring(0, matrix.length() - ".weight".length());
                set(known.remove(at + ".lora_a"), field.getValue().get("a"));
                set(known.remove(at + ".lora_b"), field.getValue().get("b"));
            }
            assertThat(known).isEmpty();
        }

        /** Sets the only variable that trains. */
        void startOnly(JsonNode start) {
            assertThat(vars.trained()).hasSize(1);
            set(vars.trained().get(0), start);
        }

        private void set(Variable<T> variable, JsonNode rows) {
            double[] values = new double[(int) variable.size()];
            int place = 0;
            for (JsonNode row : rows) {
                for (JsonNode value : row) {
                    values[place++] = value.asDouble();
                }
            }
            assertThat(place).isEqualTo(values.length);
            try (Tensor tensor = Tensors.of(type, variable.shape(), values)) {
                session.runner()
                        .feed(variable.fed(), tensor)
                        .addTarget(variable.assign())
                        .run()
                        .close();
            }
        }

        double loss() {
            try (Result result = session.runner().fetch(loss).run()) {
                return Tensors.read(result.get(0))[0];
            }
        }

        double step(double rate, long step) {
            try (Tensors open = new Tensors()) {
                Session.Runner runner = session.runner().fetch(loss);
                optimizer.addTo(runner, open, rate, step, 20, 1);
                try (Result result = runner.run()) {
                    return Tensors.read(result.get(0))[0];
                }
            }
        }

        Map<String, Double> gradientNorms() {
            Session.Runner runner = session.runner();
            optimizer.gradients().forEach(runner::fetch);
            Map<String, Double> norms = new HashMap<>();
            try (Result result = runner.run()) {
                for (int i = 0; i < vars.trained().size(); i++) {
                    double sum = 0;
                    for (double value : Tensors.read(result.get(i))) {
                        sum += value * value;
                    }
                    norms.put(vars.trained().get(i).name(), Math.sqrt(sum));
                }
            }
            return norms;
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }
}
