package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** Two examples of two rows of width 2, of which the last one is padding. */
class GatedTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-12);
    private static final double[] WEIGHT = {0.5, -1};
    private static final double LEVEL = 0.25;
    private static final double[][] ROWS = {{1, 2}, {-1, 0.5}, {3, 1}, {100, -100}};
    private static final double FIRST = (gate(ROWS[0]) + gate(ROWS[1])) / 2;
    private static final double SECOND = gate(ROWS[2]);

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Vars<TFloat64> vars = new Vars<>(tf, TFloat64.class);
    private final Pass<TFloat64> pass = new Pass<>(tf, TFloat64.class, null);
    private final Pass<TFloat64> whole = pass.over(tf.constant(new double[][] {{1, 1}, {1, 0}}));
    private final Operand<TFloat64> rows = tf.constant(ROWS);

    @AfterEach
    void close() {
        graph.close();
    }

    @Test
    void gatesAChangeByTheMeanOverTheRealRowsOfEachExample() {
        assertThat(read(changed(whole))).containsExactly(new double[] {FIRST, FIRST, SECOND, SECOND}, CLOSE);
    }

    @Test
    void gatesEachRowByItselfWhereItMustNotSeeThoseAfterIt() {
        assertThat(read(changed(pass)))
                .containsExactly(
                        Arrays.stream(ROWS).mapToDouble(GatedTest::gate).toArray(), CLOSE);
    }

    @Test
    void gatesWhatIsAddedToABlock() {
        Operand<TFloat64> out = new Gated<>(vars, new Ones()).block(whole, at(Site.FEED_FORWARD), rows, rows);
        double[] more = {FIRST, FIRST, FIRST, FIRST, SECOND, SECOND, SECOND, SECOND};
        double[] found = read(out);
        for (int i = 0; i < more.length; i++) {
            assertThat(found[i]).isEqualTo(ROWS[i / 2][i % 2] + more[i], CLOSE);
        }
    }

    @Test
    void gatesRowsBeforeKeysAndValuesAndLeavesTheOthers() {
        assertThat(read(keys(whole))).containsExactly(new double[] {FIRST, 7, 8, SECOND, 9, 10}, CLOSE);
        assertThat(read(keys(pass))).containsExactly(new double[] {gate(0), 7, 8, gate(0), 9, 10}, CLOSE);
    }

    @Test
    void makesNoGateWhereNothingIsChanged() {
        Graft<TFloat64> gated = new Gated<>(vars, new Graft<>() {});
        Operand<TFloat64> y = gated.block(whole, at(Site.FEED_FORWARD), rows, rows);
        assertThat(y).isSameAs(rows);
        assertThat(gated.change(whole, at(Site.QUERY), rows, rows)).isEmpty();
        assertThat(vars.trained()).isEmpty();
    }

    private Operand<TFloat64> changed(Pass<TFloat64> in) {
        return new Gated<>(vars, new Ones())
                .change(in, at(Site.QUERY), rows, rows)
                .orElseThrow();
    }

    private Operand<TFloat64> keys(Pass<TFloat64> in) {
        Operand<TFloat64> given = tf.constant(new double[][][][] {{{{7}, {8}}}, {{{9}, {10}}}});
        KeyValue<TFloat64> kv = new KeyValue<>(given, given, tf.constant(new double[][] {{1, 1}, {1, 0}}));
        return new Gated<>(vars, new Ones())
                .keyValue(in, at(Site.ATTENTION), rows, kv)
                .key();
    }

    private double[] read(Operand<TFloat64> what) {
        try (Session session = new Session(graph);
                Tensors open = new Tensors()) {
            Session.Runner set = session.runner();
            for (Variable<TFloat64> variable : vars.trained()) {
                double[] values = variable.name().endsWith("weight") ? WEIGHT : new double[] {LEVEL};
                set.feed(variable.fed(), open.add(Tensors.of(TFloat64.class, variable.shape(), values)))
                        .addTarget(variable.assign());
            }
            set.run().close();
            try (Result result = session.runner().fetch(what).run()) {
                return Tensors.read(result.get(0));
            }
        }
    }

    private static Joint at(Site site) {
        return new Joint("encoder", 0, site, 2, 2);
    }

    private static double gate(double... row) {
        double sum = LEVEL;
        for (int i = 0; i < row.length && row.length == WEIGHT.length; i++) {
            sum += row[i] * WEIGHT[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** Adds 1 everywhere, and a row of 1 before keys and values. */
    private static final class Ones implements Graft<TFloat64> {
        @Override
        public Optional<Operand<TFloat64>> change(
                Pass<TFloat64> pass, Joint at, Operand<TFloat64> x, Operand<TFloat64> w) {
            return Optional.of(pass.tf().constant(new double[][] {{1}, {1}, {1}, {1}}));
        }

        @Override
        public Operand<TFloat64> block(Pass<TFloat64> pass, Joint at, Operand<TFloat64> in, Operand<TFloat64> out) {
            return pass.tf().math.add(out, pass.number(1));
        }

        @Override
        public KeyValue<TFloat64> keyValue(Pass<TFloat64> pass, Joint at, Operand<TFloat64> in, KeyValue<TFloat64> kv) {
            Operand<TFloat64> one = pass.tf().constant(new double[][] {{1}});
            return KeyValuePrefix.before(pass, one, one, 1, 0, kv);
        }
    }
}
