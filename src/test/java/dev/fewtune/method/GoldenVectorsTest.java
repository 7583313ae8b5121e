package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.graft.Weights;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * What PEFT gives for one linear map of 4 x 4. There, matrices are [out, in] and every trained tensor is filled with -0.2,
 * -0.1, 0, 0.1, 0.2, -0.2, ... in row-major order; here, matrices are the transposed ones.
 */
class GoldenVectorsTest {
    /** [out, in] */
    private static final double[] W = {-.75, -.5, -.25, 0, .25, .5, .75, -.75, -.5, -.25, 0, .25, .5, .75, -.75, -.5};

    private static final double[] BASE = {0.125, -2.625, 0.75, -2.875};
    private static final double[] X = {1, -2, .5, 3};
    private static final double[] BIAS = {0, .1, .2, .3};
    private static final double[] GROWING = {1, 1.1, 1.2, 1.3};

    /**
     * @param settings beside the defaults
     * @param given values of trained tensors by the last word of their names; all others are filled as above
     */
    private record Golden(
            String name,
            String method,
            Map<String, Object> settings,
            Site site,
            boolean bias,
            Map<String, double[]> given,
            double... y) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> vectors() {
        Map<String, Object> low = Map.of("rank", 2L, "alpha", 4.0);
        return Stream.of(
                plain("LoRA", "lora", low, -0.105, -2.515, 0.65, -2.935),
                plain("LoRA+", "lora+", low, -0.105, -2.515, 0.65, -2.935),
                plain(
                        "AdaLoRA",
                        "adalora",
                        Map.of("rank", 2L, "target_rank", 1L, "alpha", 4.0),
                        0.16,
                        -2.636,
                        0.748,
                        -2.863),
                plain("rsLoRA", "rslora", low, -0.200269, -2.469436, 0.608579, -2.959853),
                biased(
                        "DoRA",
                        "dora",
                        low,
                        Map.of("dora_magnitude", lengths(1.5)),
                        -0.171847,
                        -3.7349,
                        0.99404,
                        -3.98243),
                new Golden(
                        "(IA)³ of a key",
                        "ia3",
                        Map.of(),
                        Site.KEY,
                        true,
                        Map.of("ia3_output", GROWING),
                        0.125,
                        -2.7775,
                        1.14,
                        -3.3475),
                new Golden(
                        "(IA)³ of a feed-forward map",
                        "ia3",
                        Map.of(),
                        Site.OUTPUT,
                        true,
                        Map.of("ia3_input", GROWING),
                        0.2,
                        -3.225,
                        1.225,
                        -3.25),
                plain("LoHa", "loha", Map.of("rank", 2L, "alpha", 2.0), 0.12345, -2.62535, 0.757, -2.8745),
                plain("LoKr, rank 1", "lokr", Map.of("rank", 1L, "alpha", 1.0), 0.165, -2.615, 0.71, -2.845),
                plain("LoKr, rank 4", "lokr", Map.of("rank", 4L, "alpha", 4.0), 0.165, -2.615, 0.71, -2.845),
                plain("Threshold-Mask", "threshold-mask", Map.of("first_layer", 0L), 0, 0.25, 0, -1.875),
                plain("VeRA", "vera", Map.of("rank", 2L), 0.1691076, -2.5835979, 0.75, -2.9408422),
                new Golden(
                        "OFT, exact",
                        "oft",
                        Map.of("block_size", 2L),
                        Site.QUERY,
                        false,
                        Map.of("oft_r", new double[] {-.2, -.1}),
                        -0.512472,
                        -2.665366,
                        0.279132,
                        -1.691832),
                new Golden(
                        "OFT, Neumann",
                        "oft",
                        Map.of("block_size", 2L, "cayley", "neumann"),
                        Site.QUERY,
                        false,
                        Map.of("oft_r", new double[] {-.2, -.1}),
                        0.727387,
                        -2.393137,
                        1.190325,
                        -3.827287),
                biased(
                        "BOFT",
                        "boft",
                        Map.of("block_size", 2L),
                        Map.of("boft_s", GROWING),
                        -0.000312,
                        -2.951403,
                        0.960848,
                        -2.932575),
                plain(
                        "FourierFT",
                        "fourierft",
                        Map.of("frequencies", 5L, "scaling", 2.0),
                        0.125,
                        -2.55,
                        0.775,
                        -2.925));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void givesTheNumbersOfPeft(Golden golden) {
        try (Linear linear = new Linear(golden.method(), golden.settings(), golden.site(), golden.bias())) {
            linear.fill(golden.given());
            assertThat(linear.y()).containsExactly(golden.y(), Offset.offset(6e-6));
        }
    }

    @Test
    void pissaBeginsWithThePrincipalPartAndChangesNothing() {
        try (Linear linear = new Linear("pissa", Map.of("rank", 2L), Site.QUERY, false)) {
            assertThat(linear.y()).containsExactly(BASE, Offset.offset(1e-14));
            double[] a = linear.read("pissa_a");
            assertThat(Math.sqrt(a[0] * a[0] + a[2] * a[2] + a[4] * a[4] + a[6] * a[6]))
                    .isEqualTo(1.2771330, Offset.offset(1e-6));
            assertThat(Math.sqrt(a[1] * a[1] + a[3] * a[3] + a[5] * a[5] + a[7] * a[7]))
                    .isEqualTo(1.0520527, Offset.offset(1e-6));
            double[] b = linear.read("pissa_b");
            double rest = 0;
            for (int i = 0; i < 4; i++) {
                for (int j = 0; j < 4; j++) {
                    double left = W[j * 4 + i] - a[2 * i] * b[j] - a[2 * i + 1] * b[4 + j];
                    rest += left * left;
                }
            }
            assertThat(rest).isEqualTo(.6315798 * .6315798 + .1678728 * .1678728, Offset.offset(1e-6));
        }
    }

    /** Of PEFT's own permutations and blocks, as it has no more than one factor on a CPU. */
    @ParameterizedTest
    @MethodSource("butterflies")
    void boftMixesBlocksAsPeft(long factors, double[] y) {
        double[] x = {1, -2, .5, 3, -1, .25, 2, -.5};
        double[] w = new double[64];
        Arrays.setAll(w, i -> (i % 7 - 3) / 10.0);
        Map<String, Object> settings = Map.of("block_size", 2L, "factors", factors);
        try (Linear linear = new Linear("boft", settings, Site.QUERY, false, x, w)) {
            linear.fill(Map.of());
            assertThat(linear.y()).containsExactly(y, Offset.offset(1e-6));
        }
    }

    static Stream<Arguments> butterflies() {
        return Stream.of(
                Arguments.of(
                        1L, new double[] {-0.1483263, 0.0279522, 0, 0.0682107, -0.2071111, 0.1535114, -0.0962411, 0}),
                Arguments.of(
                        2L, new double[] {-0.1470985, 0.0309036, 0, 0.0728008, -0.1885680, 0.1706656, -0.0986185, 0}),
                Arguments.of(
                        3L, new double[] {-0.1208541, 0.0423775, 0, 0.0692022, -0.1924074, 0.1420452, -0.1160663, 0}));
    }

    @Test
    void lokrTakesItsMatricesApartAsPeft() {
        double[] x = {1, -2, .5, 3, -1, .25, 2, -.5};
        double[] w = new double[64];
        Arrays.setAll(w, i -> (i % 7 - 3) / 10.0);
        Map<String, Object> settings = Map.of("rank", 1L, "alpha", 3.0, "factor", 2L, "decompose_both", true);
        try (Linear linear = new Linear("lokr", settings, Site.QUERY, false, x, w)) {
            linear.fill(Map.of());
            assertThat(linear.y())
                    .containsExactly(
                            new double[] {0.7935, -0.30325, -0.175, 0.82825, -0.9325, -0.95375, 0.775, 0.75375},
                            Offset.offset(1e-6));
        }
    }

    @Test
    void drawsTheFrozenMatricesOfVeraAsPyTorch() {
        try (Linear linear = new Linear("vera", Map.of("rank", 2L), Site.QUERY, false)) {
            assertThat(linear.read("a.4"))
                    .containsExactly(
                            new double[] {
                                -.0091694, -.4717158, .6570066, .3284244, -1.0080204, -.0242661, -.9013376, .9710873
                            },
                            Offset.offset(1e-7));
            assertThat(linear.read("b.4x4"))
                    .containsExactly(
                            new double[] {
                                -.1537092, -.5234484, -1.6547121, -.7139913, .4583224, -.3404612, -1.1471063, .0641614
                            },
                            Offset.offset(1e-7));
        }
    }

    @Test
    void drawsPermutationsAsPyTorch() {
        assertThat(new TorchRandom(777).permutation(16))
                .containsExactly(7, 15, 11, 14, 1, 3, 13, 8, 4, 2, 0, 6, 5, 9, 12, 10);
        assertThat(Arrays.copyOf(new TorchRandom(777).permutation(768 * 768), 8))
                .containsExactly(391271, 183699, 413551, 384200, 435559, 59955, 374469, 198662);
    }

    @Test
    void factorsWidthsAsPeft() {
        assertThat(Stream.of(768, 3072, 2048, 127).map(Factors::square))
                .containsExactly(new Factors(24, 32), new Factors(48, 64), new Factors(32, 64), new Factors(1, 127));
        assertThat(Factors.of(768, 8)).isEqualTo(new Factors(8, 96));
        assertThat(Factors.of(768, 5)).isEqualTo(new Factors(4, 192));
    }

    @Test
    void multipliesWithAKroneckerProductAsIfItWereWrittenOut() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Pass<TFloat64> pass = new Pass<>(tf, TFloat64.class, null);
            Operand<TFloat64> y = Kronecker.times(
                    pass,
                    tf.constant(new double[][] {X}),
                    tf.constant(new double[][] {{1, 2}, {3, 4}}),
                    tf.constant(new double[][] {{0, 1}, {1, 0}}),
                    new Factors(2, 2),
                    new Factors(2, 2));
            assertThat(value(graph, y)).containsExactly(7, 2.5, 8, 4);
        }
    }

    @Test
    void sumsKroneckerProductsAsThePaperOfCompacter() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Pass<TFloat64> pass = new Pass<>(tf, TFloat64.class, null);
            Operand<TFloat64> matrix = Hypercomplex.matrix(
                    pass,
                    tf.constant(new double[][][] {{{1, 2}, {3, 4}}, {{0, 1}, {-1, 0}}}),
                    tf.constant(new double[][][] {{{1}, {2}}, {{.5}, {-1}}}),
                    tf.constant(new double[][][] {{{1, -1}}, {{2, 0}}}),
                    4,
                    4);
            assertThat(value(graph, matrix)).containsExactly(1, -1, 3, -2, 2, -2, 2, -4, 2, -3, 4, -4, 8, -6, 8, -8);
            assertThat(value(graph, tf.linalg.matMul(tf.constant(new double[][] {X}), matrix)))
                    .containsExactly(22, -16.5, 25, -20);
        }
    }

    private static double[] value(Graph graph, Operand<TFloat64> operand) {
        try (Session session = new Session(graph);
                Result result = session.runner().fetch(operand).run()) {
            return Tensors.read(result.get(0));
        }
    }

    private static Golden plain(String name, String method, Map<String, Object> settings, double... y) {
        return new Golden(name, method, settings, Site.QUERY, false, Map.of(), y);
    }

    private static Golden biased(
            String name, String method, Map<String, Object> settings, Map<String, double[]> given, double... y) {
        return new Golden(name, method, settings, Site.QUERY, true, given, y);
    }

    private static double[] lengths(double scale) {
        double[] lengths = new double[4];
        Arrays.setAll(
                lengths,
                out -> scale
                        * Math.sqrt(Arrays.stream(W, 4 * out, 4 * out + 4)
                                .map(w -> w * w)
                                .sum()));
        return lengths;
    }

    private static double filling(int place) {
        return (place % 5 - 2) / 10.0;
    }

    /** The map with a method at it. */
    private static final class Linear implements AutoCloseable {
        private final Graph graph = new Graph();
        private final Vars<TFloat64> vars;
        private final Operand<TFloat64> y;
        private final Session session;

        Linear(String method, Map<String, Object> given, Site site, boolean bias) {
            this(method, given, site, bias, X, W);
        }

        Linear(String method, Map<String, Object> given, Site site, boolean bias, double[] row, double[] w) {
            Ops tf = Ops.create(graph);
            vars = new Vars<>(tf, TFloat64.class);
            Method known = Methods.named(method);
            Settings settings = Settings.of(known.spec().settings(), given);
            Pass<TFloat64> pass = new Pass<>(tf, TFloat64.class, null);
            Layers<TFloat64> net = new Layers<>(pass, vars, known.graft(vars, settings), 0);
            Joint at = new Joint("encoder", 0, site, row.length, row.length);
            Operand<TFloat64> x = tf.constant(new double[][] {row});
            y = bias ? net.linear(at, x) : net.map(at, x);
            session = new Session(graph);
            vars.assign(session, new OneMap(w), 1);
        }

        double[] y() {
            try (Result result = session.runner().fetch(y).run()) {
                return Tensors.read(result.get(0));
            }
        }

        double[] read(String suffix) {
            try (Result result = session.runner().fetch(named(suffix).value()).run()) {
                return Tensors.read(result.get(0));
            }
        }

        void fill(Map<String, double[]> given) {
            Set<String> left = given.keySet().stream().collect(Collectors.toSet());
            List<Variable<TFloat64>> own = vars.trained();
            assertThat(own).isNotEmpty();
            for (Variable<TFloat64> variable : own) {
                String suffix = variable.name().substring(variable.name().lastIndexOf('.') + 1);
                assertThat(variable.share()).isEqualTo(Share.METHOD);
                left.remove(suffix);
                set(variable, given.getOrDefault(suffix, filled(variable.shape())));
            }
            assertThat(left).isEmpty();
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }

        private Variable<TFloat64> named(String suffix) {
            return Stream.concat(vars.trained().stream(), vars.frozen().stream())
                    .filter(variable -> variable.name().endsWith("." + suffix))
                    .findFirst()
                    .orElseThrow();
        }

        private void set(Variable<TFloat64> variable, double[] values) {
            try (Tensor tensor = Tensors.of(TFloat64.class, variable.shape(), values)) {
                session.runner()
                        .feed(variable.fed(), tensor)
                        .addTarget(variable.assign())
                        .run()
                        .close();
            }
        }

        /** As the transposed matrix would be filled; what is no matrix is the same here and there. */
        private static double[] filled(long[] shape) {
            double[] values = new double[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            int columns = shape.length == 2 ? (int) shape[1] : 1;
            int rows = values.length / columns;
            Arrays.setAll(values, i -> filling(i % columns * rows + i / columns));
            return values;
        }
    }

    /** @param w square, [out, in] */
    private record OneMap(double[] w) implements Weights {
        @Override
        public long[] shape(String name) {
            long width = Math.round(Math.sqrt(w.length));
            return name.endsWith("weight") ? new long[] {width, width} : new long[] {width};
        }

        @Override
        public double[] row(String name, int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
            if (name.endsWith("bias")) {
                return Tensors.of(type, shape(name), BIAS);
            }
            int width = (int) shape(name)[0];
            double[] transposed = new double[w.length];
            Arrays.setAll(transposed, i -> w[i % width * width + i / width]);
            return Tensors.of(type, shape(name), transposed);
        }
    }
}
