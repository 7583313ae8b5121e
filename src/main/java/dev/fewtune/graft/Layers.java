package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/** The building blocks of a backbone, and the only code that consults the graft: no backbone can forget a joint. */
public final class Layers<T extends TNumber> {
    private final Ops tf;
    private final Vars<T> vars;
    private final Graft<T> graft;
    private final double dropout;
    private final Operand<TInt64> noise;
    private int sites;

    /**
     * @param dropout rate in [0, 1); 0 where the network is not training
     * @param noise [2], seed and step of the dropout masks; may be null where dropout is 0
     */
    public Layers(Ops tf, Vars<T> vars, Graft<T> graft, double dropout, Operand<TInt64> noise) {
        this.tf = tf;
        this.vars = vars;
        this.graft = graft;
        this.dropout = dropout;
        this.noise = noise;
    }

    /** A pretrained table, such as word vectors: [in, out]. */
    public Operand<T> table(Joint at) {
        return stored(at, Kind.WEIGHT, at.in(), at.out());
    }

    /** An affine map with a pretrained weight and bias: [N, in] to [N, out]. */
    public Operand<T> linear(Joint at, Operand<T> x) {
        Operand<T> y = graft.project(tf, at, x, stored(at, Kind.WEIGHT, at.in(), at.out()));
        return tf.math.add(y, stored(at, Kind.BIAS, at.out()));
    }

    /** The classifier on top: a new affine map that trains with every method. */
    public Operand<T> head(Joint at, Operand<T> x, boolean trains) {
        Share share = trains ? Share.HEAD : Share.FROZEN;
        Operand<T> w = vars.fresh(at.tensor(Kind.WEIGHT), share, Init.normal(0.02), at.in(), at.out());
        Operand<T> b = vars.fresh(at.tensor(Kind.BIAS), share, Init.zeros(), at.out());
        return tf.math.add(graft.project(tf, at, x, w), b);
    }

    /** Layer norm over the last axis (Ba, Kiros, Hinton, 2016): [N, d]. */
    public Operand<T> norm(Joint at, Operand<T> x, double epsilon) {
        Operand<T> scale = stored(at, Kind.SCALE, at.out());
        Operand<T> bias = stored(at, Kind.BIAS, at.out());
        var last = tf.constant(-1);
        Operand<T> mean = tf.math.mean(x, last, org.tensorflow.op.math.Mean.keepDims(true));
        Operand<T> centred = tf.math.sub(x, mean);
        Operand<T> variance = tf.math.mean(tf.math.square(centred), last, org.tensorflow.op.math.Mean.keepDims(true));
        Operand<T> inverse = tf.math.rsqrt(tf.math.add(variance, number(epsilon)));
        return tf.math.add(tf.math.mul(tf.math.mul(centred, inverse), scale), bias);
    }

    public Operand<T> block(Joint at, Operand<T> in, Operand<T> out) {
        return graft.block(tf, at, in, out);
    }

    public Rows<T> embed(Joint at, Rows<T> rows) {
        return graft.embed(tf, at, rows);
    }

    public KeyValue<T> keyValue(Joint at, KeyValue<T> pair) {
        return graft.keyValue(tf, at, pair);
    }

    /** Inverted dropout; each call is a site of its own, numbered in the order of building. */
    public Operand<T> dropout(Operand<T> x) {
        if (dropout == 0) {
            return x;
        }
        Operand<TInt64> seed = tf.math.add(noise, tf.constant(new long[] {++sites, 0}));
        Operand<T> uniform = tf.random.statelessRandomUniform(tf.shape(x), seed, vars.type());
        Operand<T> kept = tf.dtypes.cast(tf.math.greaterEqual(uniform, number(dropout)), vars.type());
        return tf.math.mul(x, tf.math.mul(kept, number(1 / (1 - dropout))));
    }

    /** A scalar of the network's own type. */
    public Operand<T> number(double value) {
        return tf.dtypes.cast(tf.constant(value), vars.type());
    }

    private Operand<T> stored(Joint at, Kind kind, long... shape) {
        return vars.pretrained(at.tensor(kind), graft.trains(at, kind), shape);
    }
}
