package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** What a step does to what trains, in float64. */
class OptimizerTest {
    private static final double RATE = 1e-2;
    private static final Optimizing.Factored FACTORED = new Optimizing.Factored(false, 1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightDecayMovesMatricesAndNothingElse(boolean factored) {
        Optimizing.Factored adafactor = factored ? FACTORED : null;
        Map<String, double[]> start = afterSteps(new Optimizing(0, 0, 1, 1, 1, adafactor), 0);
        Map<String, double[]> plain = afterSteps(new Optimizing(0, 0, 1, 1, 1, adafactor), 1);
        Map<String, double[]> decayed = afterSteps(new Optimizing(0.5, 0, 1, 1, 1, adafactor), 1);
        assertThat(start).containsKeys("encoder.0.query.weight", "encoder.0.query.bias", "encoder.0.output_norm.scale");
        start.forEach((name, values) -> {
            boolean matrix = name.endsWith(".weight");
            for (int i = 0; i < values.length; i++) {
                double lost = plain.get(name)[i] - decayed.get(name)[i];
                assertThat(lost).as(name).isEqualTo(matrix ? RATE * 0.5 * values[i] : 0, Offset.offset(1e-14));
            }
        });
    }

    @Test
    void gradientsOfSeveralBatchesAreThoseOfOneLargeOne() {
        Optimizing optimizing = new Optimizing(0, 0.1, 2, 1, 1, null);
        Map<String, double[]> parts;
        Map<String, double[]> whole;
        try (Learner<TFloat64> learner = learner(full(), optimizing)) {
            learner.step(List.of(batch(0, 4), batch(4, 12)), RATE, 0, () -> {});
            learner.step(List.of(batch(0, 12)), RATE, 1, () -> {});
            parts = values(learner);
        }
        try (Learner<TFloat64> learner = learner(full(), optimizing)) {
            learner.step(List.of(batch(0, 12)), RATE, 0, () -> {});
            learner.step(List.of(batch(0, 6), batch(6, 12)), RATE, 1, () -> {});
            whole = values(learner);
        }
        parts.forEach((name, values) -> {
            if (!name.endsWith(".key.bias")) {
                assertThat(values).as(name).containsExactly(whole.get(name), Offset.offset(1e-9));
            }
        });
    }

    @Test
    void aStepThatIsStoppedBetweenItsBatchesChangesNothing() {
        try (Learner<TFloat64> learner = learner(full(), new Optimizing(0, 1, 2, 1, 1, null))) {
            Map<String, double[]> before = values(learner);
            int[] left = {1};
            try {
                learner.step(List.of(batch(0, 4), batch(4, 12)), RATE, 0, () -> {
                    if (left[0]-- == 0) {
                        throw new IllegalStateException("stop");
                    }
                });
            } catch (IllegalStateException stopped) {
                assertThat(stopped).hasMessage("stop");
            }
            values(learner).forEach((name, values) -> assertThat(values).isEqualTo(before.get(name)));
            learner.step(List.of(batch(0, 4), batch(4, 12)), RATE, 0, () -> {});
            Map<String, double[]> after = values(learner);
            try (Learner<TFloat64> fresh = learner(full(), new Optimizing(0, 1, 2, 1, 1, null))) {
                fresh.step(List.of(batch(0, 4), batch(4, 12)), RATE, 0, () -> {});
                values(fresh).forEach((name, values) -> assertThat(values).isEqualTo(after.get(name)));
            }
        }
    }

    /** Adam's first step is rate g / (|g| + 1e-8), so that gradients near 1e-8 show their size. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-7, 1e3})
    void gradientsLargerThanTheNormAreScaledDownToIt(double most) {
        try (Learner<TFloat64> learner = learner(full(), new Optimizing(0, most))) {
            Map<String, double[]> start = values(learner);
            Map<String, double[]> gradients = learner.gradients(batch(0, 12), 0);
            double norm = Math.sqrt(gradients.values().stream()
                    .flatMapToDouble(Arrays::stream)
                    .map(gradient -> gradient * gradient)
                    .sum());
            assertThat(norm).isBetween(0.1, 10.0);
            learner.step(batch(0, 12), RATE, 0);
            Map<String, double[]> end = values(learner);
            gradients.forEach((name, values) -> {
                for (int i = 0; i < values.length; i++) {
                    double clipped = values[i] * Math.min(1, most / (norm + 1e-6));
                    double moved = start.get(name)[i] - end.get(name)[i];
                    assertThat(moved)
                            .as(name)
                            .isEqualTo(RATE * clipped / (Math.abs(clipped) + 1e-8), Offset.offset(1e-9));
                }
            });
        }
    }

    @Test
    void theRateOfAdamCanGrowWithWhatItMoves() {
        Map<String, double[]> start = afterSteps(new Optimizing(0, 0, 1, 1, 1, null), 0);
        Map<String, double[]> plain = afterSteps(new Optimizing(0, 0, 1, 1, 1, null), 1);
        Map<String, double[]> scaled = afterSteps(new Optimizing(0.5, 0, 1, 1, 1, null, true), 1);
        start.forEach((name, values) -> {
            double square =
                    Arrays.stream(values).map(value -> value * value).average().orElseThrow();
            double scale = Math.max(1e-3, Math.sqrt(square));
            double lost = name.endsWith(".weight") ? RATE * 0.5 : 0;
            for (int i = 0; i < values.length; i++) {
                double moved = values[i] - plain.get(name)[i];
                assertThat(values[i] - scaled.get(name)[i])
                        .as(name)
                        .isEqualTo(scale * (moved + lost * values[i]), Offset.offset(1e-14));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHeadAndTheNormsHaveRatesOfTheirOwn(boolean factored) {
        Optimizing.Factored adafactor = factored ? FACTORED : null;
        Method houlsby = Methods.named("houlsby");
        Optimizing one = new Optimizing(0, 0, 1, 1, 1, adafactor);
        Optimizing groups = new Optimizing(0, 0, 1, 8, 0.25, adafactor);
        Map<String, double[]> before = moved(one, houlsby);
        Map<String, double[]> after = moved(groups, houlsby);
        assertScaled(before, after, "head.weight", 8);
        assertScaled(before, after, "encoder.0.output_norm.scale", 0.25);
        assertScaled(before, after, "encoder.0.feed_forward.adapter_up_bias", 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVariableMovesByTheRateThatItsMethodGivesIt(boolean factored) {
        Optimizing optimizing = new Optimizing(0, 0, 1, 1, 1, factored ? FACTORED : null);
        assertScaled(moved(optimizing, shifted(1)), moved(optimizing, shifted(16)), "shift", 16);
    }

    @Test
    void adafactorKeepsAMatrixAsItsRowsAndColumns() {
        try (Learner<TFloat64> learner = learner(full(), new Optimizing(0, 0, 1, 1, 1, FACTORED))) {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            learner.moments().forEach(entry -> shapes.put(entry.name(), entry.shape()));
            assertThat(shapes.get("encoder.0.intermediate.weight.adafactor_row"))
                    .containsExactly(TinyBert.WIDTH);
            assertThat(shapes.get("encoder.0.intermediate.weight.adafactor_column"))
                    .containsExactly(TinyBert.INNER);
            assertThat(shapes.get("encoder.0.intermediate.bias.adafactor_square"))
                    .containsExactly(TinyBert.INNER);
        }
    }

    @Test
    void labelSmoothingSpreadsAShareOverAllClasses() {
        double smoothing = 0.2;
        Batch batch = batch(0, 12);
        try (Learner<TFloat64> learner = learner(full(), new Optimizing(0, 0), smoothing)) {
            double expected = 0;
            double[][] outputs = learner.predict(batch);
            for (int row = 0; row < outputs.length; row++) {
                double sum = Arrays.stream(outputs[row]).map(Math::exp).sum();
                for (int label = 0; label < 3; label++) {
                    double wanted = smoothing / 3 + (label == batch.targets()[row] ? 1 - smoothing : 0);
                    expected -= wanted * (outputs[row][label] - Math.log(sum)) / outputs.length;
                }
            }
            assertThat(learner.loss(batch, 0)).isEqualTo(expected, Offset.offset(1e-12));
        }
    }

    @Test
    void dropoutCanBeKeptOutOfTheBackbone() {
        assertThat(dropouts(new Model.Task(3, false, "mean", 0.1, true))).isGreaterThan(1);
        assertThat(dropouts(new Model.Task(3, false, "mean", 0.1, true, 0, 0, Precision.F32, Aim.head())))
                .isEqualTo(1);
        assertThat(dropouts(new Model.Task(3, false, "mean", 0, true))).isZero();
    }

    private static long dropouts(Model.Task task) {
        try (Graph graph = new Graph()) {
            new Model<>(
                    Ops.create(graph),
                    TFloat64.class,
                    new TinyBert(),
                    full(),
                    Settings.of(List.of(), Map.of()),
                    task,
                    true);
            long count = 0;
            for (var operations = graph.operations(); operations.hasNext(); ) {
                count += operations.next().type().startsWith("StatelessRandomUniform") ? 1 : 0;
            }
            return count;
        }
    }

    private static void assertScaled(
            Map<String, double[]> before, Map<String, double[]> after, String name, double times) {
        double[] once = before.get(name);
        assertThat(largest(once)).isPositive();
        for (int i = 0; i < once.length; i++) {
            assertThat(after.get(name)[i]).as(name).isEqualTo(times * once[i], Offset.offset(1e-12));
        }
    }

    /** How far one step moves each variable. */
    private Map<String, double[]> moved(Optimizing optimizing, Method method) {
        try (Learner<TFloat64> learner = learner(method, optimizing)) {
            Map<String, double[]> start = values(learner);
            learner.step(batch(0, 12), RATE, 0);
            Map<String, double[]> moved = values(learner);
            moved.forEach((name, end) -> Arrays.setAll(end, i -> end[i] - start.get(name)[i]));
            return moved;
        }
    }

    private Map<String, double[]> afterSteps(Optimizing optimizing, int steps) {
        try (Learner<TFloat64> learner = learner(full(), optimizing)) {
            for (int step = 0; step < steps; step++) {
                learner.step(batch(0, 12), RATE, step);
            }
            return values(learner);
        }
    }

    private Learner<TFloat64> learner(Method method, Optimizing optimizing) {
        return learner(method, optimizing, 0);
    }

    private Learner<TFloat64> learner(Method method, Optimizing optimizing, double smoothing) {
        return new Learner<>(
                TFloat64.class,
                new TinyBert(),
                method,
                Settings.of(method.spec().settings(), Map.of()),
                new Model.Task(3, false, "mean", 0, true, 0, smoothing, Precision.F32, Aim.head()),
                optimizing,
                new WeightFiles(folder).of(new TinyBert()),
                1);
    }

    private static Map<String, double[]> values(Learner<TFloat64> learner) {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Safetensors.Entry entry : learner.values(learner.model().vars().trained())) {
            double[] numbers = new double[entry.bytes().remaining() / 8];
            entry.bytes()
                    .duplicate()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer()
                    .get(numbers);
            values.put(entry.name(), numbers);
        }
        return values;
    }

    private static Batch batch(int from, int to) {
        return Batch.of(Samples.split("batch", 12), IntStream.range(from, to).toArray(), 8);
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static Method full() {
        return Methods.named("full");
    }

    /** Adds a vector to what leaves the first layer's attention. */
    private static Method shifted(double rate) {
        return new Method() {
            @Override
            public MethodSpec spec() {
                return MethodSpec.named("shifted", "Shifted").startsAtBase().settings();
            }

            @Override
            public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
                return new Graft<>() {
                    @Override
                    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
                        if (at.site() != Site.ATTENTION || at.layer() != 0) {
                            return out;
                        }
                        return pass.tf().math.add(out, vars.fresh("shift", Share.METHOD, rate, Init.zeros(), at.out()));
                    }
                };
            }
        };
    }
}
