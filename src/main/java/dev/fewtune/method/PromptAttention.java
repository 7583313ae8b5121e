package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TFloating;

/**
 * How much of each prompt a text gets (ATTEMPT, arXiv 2205.11961, section 3.2): softmax over j of p_j · q / temperature, with
 * p_j the largest entries of a prompt's rows, x those of the text's rows, and q = norm(silu(x D) U). D and U start as linear
 * maps of PyTorch do, or as an earlier step has learned them.
 */
final class PromptAttention<T extends TFloating> {
    static final String FORM = "form";
    static final String SUB = "sub";
    static final String LINEAR = "linear";
    static final String DOT = "dot";
    static final String CONSTANT = "constant";
    static final List<String> FORMS = List.of(SUB, LINEAR, DOT, CONSTANT);
    static final String BOTTLENECK = "bottleneck";
    static final String TEMPERATURE = "temperature";
    static final String TRAIN_NORM = "train_norm";
    static final String MASK = "mask";
    static final String RATE = "attention_rate";

    private static final double EPSILON = 1e-5;
    private static final double HIDDEN = 1e9;

    private final Vars<T> vars;
    private final Settings settings;
    private final Optional<Source> learned;
    private final Pass<T> pass;
    private final Joint at;

    /** @param at where the prompts stand */
    PromptAttention(Vars<T> vars, Settings settings, Given given, Pass<T> pass, Joint at) {
        this.vars = vars;
        this.settings = settings;
        this.learned = given.shared();
        this.pass = pass;
        this.at = at;
    }

    /**
     * @param sources [count, length, width]
     * @param own [1 or batch, length, width]
     * @param withOwn whether it is one more of those that are weighted
     * @return [batch, count], or [batch, count + 1] with the weight of {@code own} last
     */
    Operand<T> weights(Embedded<T> tokens, Operand<T> sources, Operand<T> own, boolean withOwn) {
        Ops tf = pass.tf();
        Operand<T> text = largest(seen(tokens));
        Operand<T> query = settings.text(FORM).equals(CONSTANT) ? tf.zerosLike(text) : query(text);
        Operand<T> scores = tf.linalg.matMul(query, largest(sources), MatMul.transposeB(true));
        if (withOwn) {
            Operand<T> last = tf.math.mul(query, largest(own));
            scores = tf.concat(
                    List.of(scores, tf.expandDims(tf.sum(last, tf.constant(1)), tf.constant(1))), tf.constant(1));
        }
        double temperature = settings.find(TEMPERATURE)
                .map(given -> ((Number) given).doubleValue())
                .orElse(Math.E * at.out());
        return tf.nn.softmax(tf.math.mul(scores, pass.number(1 / temperature)));
    }

    /** Padding stands far below all else. */
    private Operand<T> seen(Embedded<T> tokens) {
        if (!settings.flag(MASK)) {
            return tokens.rows();
        }
        Ops tf = pass.tf();
        Operand<T> hidden = tf.math.mul(tf.math.sub(tokens.mask(), pass.number(1)), pass.number(HIDDEN));
        return tf.math.add(tokens.rows(), tf.expandDims(hidden, tf.constant(2)));
    }

    /** Over the rows: [count, length, width] to [count, width]. */
    private Operand<T> largest(Operand<T> rows) {
        return pass.tf().reduceMax(rows, pass.tf().constant(1));
    }

    private Operand<T> query(Operand<T> text) {
        int width = at.out();
        if (settings.text(FORM).equals(DOT)) {
            return text;
        }
        Ops tf = pass.tf();
        if (settings.text(FORM).equals(LINEAR)) {
            return norm(tf.linalg.matMul(text, map("attention_map", width, width)), width);
        }
        int inner = settings.integer(BOTTLENECK);
        Operand<T> down = tf.linalg.matMul(text, map("attention_down", width, inner));
        return norm(tf.linalg.matMul(pass.silu(down), map("attention_up", inner, width)), width);
    }

    private Operand<T> map(String name, int in, int out) {
        Init cold = Init.uniform(1 / Math.sqrt(in));
        Init start = learned.filter(source -> source.has(name))
                .map(source -> source.tensor(name).init())
                .orElse(cold);
        return vars.fresh(at + "." + name, Share.METHOD, settings.number(RATE), start, in, out);
    }

    private Operand<T> norm(Operand<T> x, int width) {
        return pass.norm(x, ofNorm("attention_scale", 1, width), ofNorm("attention_bias", 0, width), EPSILON);
    }

    private Operand<T> ofNorm(String name, double value, int width) {
        Made start = learned.filter(source -> source.has(name))
                .map(source -> source.tensor(name))
                .orElseGet(() -> filled(value, width));
        return settings.flag(TRAIN_NORM)
                ? vars.fresh(at + "." + name, Share.METHOD, settings.number(RATE), start.init(), width)
                : vars.given(at + "." + name, start);
    }

    private static Made filled(double value, int width) {
        double[] values = new double[width];
        java.util.Arrays.fill(values, value);
        return new Made(new long[] {width}, values);
    }
}
