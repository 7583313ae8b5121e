package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.graft.Weights;
import dev.fewtune.spec.Settings;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A graft at the joints of a network that is nothing but its shape. */
final class Bare implements AutoCloseable {
    private static final int VOCABULARY = 32128;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Pass<TFloat64> pass = new Pass<>(tf, TFloat64.class, null);
    private final Vars<TFloat64> vars = new Vars<>(tf, TFloat64.class);
    private final int width;
    private final Graft<TFloat64> graft;
    private final Operand<TFloat64> rows;
    private final Operand<TFloat64> mask;
    private final Embedded<TFloat64> embedded;

    Bare(String method, Map<String, Object> settings, int width) {
        this(method, settings, width, Given.NOTHING);
    }

    Bare(String method, Map<String, Object> settings, int width, Given given) {
        this.width = width;
        Method named = Methods.named(method);
        Given placed = given.several()
                ? new Given(
                        given.sources(), given.tasks(), tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1))))
                : given;
        this.graft = named.graft(vars, Settings.of(named.spec().settings(), settings), placed);
        this.rows = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, -1, width)));
        this.mask = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, -1)));
        Joint tokens = new Joint("encoder", -1, Site.TOKENS, VOCABULARY, width);
        this.embedded = graft.embed(pass, tokens, new Embedded<>(rows, mask, 0, tokens));
    }

    /** Meets one attention. */
    Bare attention(String stack, int layer, Site site, int heads, int headWidth) {
        Operand<TFloat64> key = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, heads, -1, headWidth)));
        Operand<TFloat64> in = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, width)));
        graft.keyValue(pass, new Joint(stack, layer, site, width, width), in, new KeyValue<>(key, key, mask));
        return this;
    }

    long trained() {
        return vars.count(Share.METHOD);
    }

    int before() {
        return embedded.before();
    }

    /** The plain prompt for given values of all variables, by the last word of their names. */
    double[] prompt(Map<String, double[]> values) {
        return read(vars.collapsed().get("encoder.tokens." + SoftPrompt.PROMPT), values, new double[width], 1);
    }

    /** All rows that enter the network, for one example. */
    double[] entering(Map<String, double[]> values, double[] text) {
        return read(embedded.rows(), values, text, text.length / width);
    }

    private double[] read(Operand<TFloat64> what, Map<String, double[]> values, double[] text, int length) {
        Map<String, double[]> left = new HashMap<>(values);
        try (Session session = new Session(graph);
                Tensors open = new Tensors()) {
            vars.assign(session, new Zeros(width), 1);
            Session.Runner set = session.runner();
            java.util.stream.Stream.concat(vars.trained().stream(), vars.frozen().stream())
                    .forEach(variable -> set(set, open, variable, left));
            if (!left.isEmpty()) {
                throw new AssertionError("There is no variable for " + left.keySet());
            }
            set.run().close();
            double[] ones = new double[length];
            java.util.Arrays.fill(ones, 1);
            try (Result result = session.runner()
                    .feed(rows, open.add(Tensors.of(TFloat64.class, new long[] {1, length, width}, text)))
                    .feed(mask, open.add(Tensors.of(TFloat64.class, new long[] {1, length}, ones)))
                    .fetch(what)
                    .run()) {
                return Tensors.read(result.get(0));
            }
        }
    }

    private static void set(
            Session.Runner runner, Tensors open, Variable<TFloat64> variable, Map<String, double[]> values) {
        String name = variable.name();
        double[] value = values.remove(name.substring(name.lastIndexOf('.') + 1));
        if (value != null) {
            runner.feed(variable.fed(), open.add(Tensors.of(TFloat64.class, variable.shape(), value)))
                    .addTarget(variable.assign());
        }
    }

    @Override
    public void close() {
        graph.close();
    }

    /** A table without numbers. */
    private record Zeros(int width) implements Weights {
        @Override
        public long[] shape(String name) {
            return new long[] {VOCABULARY, width};
        }

        @Override
        public double[] row(String name, int row) {
            return new double[width];
        }

        @Override
        public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
            throw new AssertionError("No pretrained tensor is asked for.");
        }
    }
}
