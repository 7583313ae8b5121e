package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Variable;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Settings;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat64;

/** How single methods learn, beyond what every method promises. */
class LearningOfWeightsTest {
    private static final TinyBert TINY = new TinyBert();
    private static final double RATE = 1e-3;
    private static final String A = "encoder.0.query.lora_a";
    private static final String B = "encoder.0.query.lora_b";

    @TempDir
    Path folder;

    /** The first step of Adam moves every number by the rate, whatever its gradient. */
    @Test
    void loraPlusMovesItsSecondMatrixFaster() {
        try (Learner<TFloat64> learner = learner("lora+", Map.of("ratio", 16.0))) {
            double[] before = values(learner, B);
            learner.step(Samples.batch(0, 8), RATE, 0);
            double[] after = values(learner, B);
            for (int i = 0; i < before.length; i++) {
                assertThat(Math.abs(after[i] - before[i])).isEqualTo(16 * RATE, Offset.offset(RATE / 2));
            }
            double[] first = values(learner, A);
            learner.step(Samples.batch(0, 8), RATE, 1);
            double[] second = values(learner, A);
            for (int i = 0; i < first.length; i++) {
                assertThat(Math.abs(second[i] - first[i])).isBetween(RATE / 10, 1.5 * RATE);
            }
        }
    }

    /** The lengths have a share in the derivative, which the paper leaves out. */
    @Test
    void doraLeavesTheLengthsOutOfTheGradient() {
        try (Learner<TFloat64> held = learner("dora", Map.of());
                Learner<TFloat64> whole = learner("dora", Map.of("detach", false))) {
            Batch batch = Samples.batch(0, 8);
            assertThat(held.loss(batch, 0)).isEqualTo(whole.loss(batch, 0), Offset.offset(1e-12));
            double[] ofHeld = held.gradients(batch, 0).get(B);
            double[] ofWhole = whole.gradients(batch, 0).get(B);
            double difference = 0;
            for (int i = 0; i < ofHeld.length; i++) {
                difference = Math.max(difference, Math.abs(ofHeld[i] - ofWhole[i]));
            }
            assertThat(difference).isGreaterThan(1e-6);
        }
    }

    private Learner<TFloat64> learner(String name, Map<String, Object> given) {
        Method method = Methods.named(name);
        return new Learner<>(
                TFloat64.class,
                TINY,
                method,
                Settings.of(method.spec().settings(), given),
                new Model.Task(3, false, "mean", 0, false),
                new Optimizing(0, 0),
                new WeightFiles(folder).of(TINY),
                1);
    }

    private static double[] values(Learner<TFloat64> learner, String name) {
        List<Variable<TFloat64>> one = learner.model().vars().trained().stream()
                .filter(variable -> variable.name().equals(name))
                .toList();
        Safetensors.Entry entry = learner.values(one).get(0);
        double[] values = new double[(int) one.get(0).size()];
        entry.bytes().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        return values;
    }
}
