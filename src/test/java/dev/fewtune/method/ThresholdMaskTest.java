package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

class ThresholdMaskTest {
    private static final Joint AT = new Joint("encoder", 3, Site.QUERY, 2, 2);

    @Test
    void givesEveryScoreTheSlopeOfItsMaskedWeightTimesTheWeight() {
        double[][] x = {{1, -2}, {3, 0.5}};
        double[][] w = {{0.5, -1}, {2, 0.25}};
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Vars<TFloat64> vars = new Vars<>(tf, TFloat64.class);
            Method method = new ThresholdMask();
            Graft<TFloat64> graft = method.graft(vars, Settings.of(method.spec().settings(), Map.of()));
            Operand<TFloat64> y = graft.project(
                    new Pass<>(tf, TFloat64.class, null),
                    AT,
                    tf.constant(StdArrays.ndCopyOf(x)),
                    tf.constant(StdArrays.ndCopyOf(w)));
            Variable<TFloat64> scores = vars.trained().get(0);
            vars.assign(session, null, 1);
            Operand<TFloat64> slope = tf.gradients(tf.sum(y, tf.constant(new int[] {0, 1})), List.of(scores.value()))
                    .dy(0);
            try (Result result = session.runner().fetch(slope).run()) {
                TFloat64 found = (TFloat64) result.get(0);
                for (int in = 0; in < 2; in++) {
                    for (int out = 0; out < 2; out++) {
                        double expected = (x[0][in] + x[1][in]) * w[in][out];
                        assertThat(found.getDouble(in, out)).isCloseTo(expected, within(1e-12));
                    }
                }
            }
        }
    }

    @Test
    void beginsWithTheShareOfZerosThatIsAskedFor() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Vars<TFloat64> vars = new Vars<>(tf, TFloat64.class);
            Method method = new ThresholdMask();
            Joint large = new Joint("encoder", 3, Site.QUERY, 200, 200);
            method.graft(vars, Settings.of(method.spec().settings(), Map.of()))
                    .project(
                            new Pass<>(tf, TFloat64.class, null),
                            large,
                            tf.constant(new double[1][200]),
                            tf.constant(new double[200][200]));
            Variable<TFloat64> scores = vars.trained().get(0);
            double[] first = scores.init().values(scores.shape(), new KeyedRandom(1, "scores"), null);
            long zeros = Arrays.stream(first).filter(score -> score <= 0.01).count();
            assertThat(zeros / 40_000.0).isCloseTo(0.05, within(0.004));
            assertThat(Arrays.stream(first).max().orElseThrow()).isCloseTo(0.58, within(0.001));
            assertThat(Arrays.stream(first).min().orElseThrow()).isCloseTo(-0.02, within(0.001));
        }
    }
}
