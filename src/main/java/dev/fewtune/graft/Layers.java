package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The only code that asks a graft, so that a backbone cannot forget a joint. */
public final class Layers<T extends TFloating> {
    private static final double MASKED = -1e9;

    private final Pass<T> pass;
    private final Vars<T> vars;
    private final Graft<T> graft;
    private final double dropout;

    /** @param dropout of the pretrained network, in [0, 1); acts only in a pass that has a seed */
    public Layers(Pass<T> pass, Vars<T> vars, Graft<T> graft, double dropout) {
        this.pass = pass;
        this.vars = vars;
        this.graft = graft;
        this.dropout = dropout;
    }

    public Pass<T> pass() {
        return pass;
    }

    /** Affine map of [tokens, in] to [tokens, out]. */
    public Operand<T> linear(Joint at, Operand<T> x) {
        Operand<T> w = pretrained(at, Kind.WEIGHT, at.in(), at.out());
        return pass.tf().math.add(graft.project(pass, at, x, w), pretrained(at, Kind.BIAS, at.out()));
    }

    /** Layer norm over the last axis (Ba, Kiros, Hinton, arXiv 1607.06450). */
    public Operand<T> norm(Joint at, Operand<T> x, double epsilon) {
        Ops tf = pass.tf();
        Operand<TInt32> last = tf.constant(-1);
        Operand<T> mean = tf.math.mean(x, last, Mean.keepDims(true));
        Operand<T> centred = tf.math.sub(x, mean);
        Operand<T> variance = tf.math.mean(tf.math.square(centred), last, Mean.keepDims(true));
        Operand<T> unit = tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, pass.number(epsilon))));
        Operand<T> scaled = tf.math.mul(unit, pretrained(at, Kind.SCALE, at.out()));
        return tf.math.add(scaled, pretrained(at, Kind.BIAS, at.out()));
    }

    /** A pretrained table, [rows, width]. */
    public Operand<T> table(Joint at) {
        return pretrained(at, Kind.WEIGHT, at.in(), at.out());
    }

    /** Rows of a pretrained table, for numbers of any shape. */
    public Operand<T> lookup(Joint at, Operand<TInt32> numbers) {
        return pass.tf().gather(table(at), numbers, pass.tf().constant(0), new Gather.Options[0]);
    }

    public Embedded<T> embed(Joint at, Embedded<T> tokens) {
        return graft.embed(pass, at, tokens);
    }

    public Operand<T> block(Joint at, Operand<T> in, Operand<T> out) {
        return graft.block(pass, at, in, out);
    }

    public Operand<T> dropout(Operand<T> x) {
        return pass.dropout(x, dropout);
    }

    /**
     * Scaled dot-product attention (Vaswani et al., arXiv 1706.03762).
     *
     * @param query [batch, heads, length, width of a head]
     * @return like {@code query}
     */
    public Operand<T> attention(Joint at, Operand<T> query, KeyValue<T> given, int headWidth) {
        Ops tf = pass.tf();
        KeyValue<T> kv = graft.keyValue(pass, at, given);
        Operand<T> scaled = tf.math.mul(query, pass.number(1 / Math.sqrt(headWidth)));
        Operand<T> scores = tf.train.batchMatMul(scaled, kv.key(), pass.type(), BatchMatMul.adjY(true));
        Operand<T> hidden = tf.math.mul(tf.math.sub(pass.number(1), kv.mask()), pass.number(MASKED));
        Operand<T> seen = tf.math.add(scores, tf.expandDims(tf.expandDims(hidden, tf.constant(1)), tf.constant(1)));
        return tf.train.batchMatMul(dropout(tf.nn.softmax(seen)), kv.value(), pass.type());
    }

    private Operand<T> pretrained(Joint at, Kind kind, long... shape) {
        return vars.pretrained(at, kind, graft.trains(at, kind), shape);
    }
}
