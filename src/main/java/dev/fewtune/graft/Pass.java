package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** One forward pass that is being written into a graph: its operations, its number type, and its dropout. */
public final class Pass<T extends TFloating> {
    /** Keeps the streams of two dropout sites apart: a large odd step between their seeds. */
    private static final long APART = 0x9E3779B97F4A7C15L;

    private final Ops tf;
    private final Class<T> type;
    private final Operand<TInt64> seed;
    private long sites;

    /** @param seed [run, step], fed at each step; null for a pass without dropout */
    public Pass(Ops tf, Class<T> type, Operand<TInt64> seed) {
        this.tf = tf;
        this.type = type;
        this.seed = seed;
    }

    public Ops tf() {
        return tf;
    }

    public Class<T> type() {
        return type;
    }

    public Operand<T> number(double value) {
        return tf.constant(type, value);
    }

    /** Zeroes each entry with probability {@code rate} and scales the others; nothing in a pass without dropout. */
    public Operand<T> dropout(Operand<T> x, double rate) {
        if (seed == null || rate == 0) {
            return x;
        }
        Operand<TInt64> here = tf.math.add(seed, tf.constant(new long[] {APART * ++sites, 0}));
        Operand<T> uniform = tf.random.statelessRandomUniform(tf.shape(x), here, type);
        Operand<T> scale = tf.select(tf.math.less(uniform, number(rate)), number(0), number(1 / (1 - rate)));
        return tf.math.mul(x, scale);
    }

    /** Exact GELU, x/2 (1 + erf(x/sqrt 2)) (Hendrycks, Gimpel, arXiv 1606.08415). */
    public Operand<T> gelu(Operand<T> x) {
        Operand<T> erf = tf.math.erf(tf.math.mul(x, number(Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(x, number(0.5)), tf.math.add(erf, number(1)));
    }

    /** GELU by its approximation, x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) (arXiv 1606.08415, section 2). */
    public Operand<T> geluTanh(Operand<T> x) {
        Operand<T> cubed = tf.math.mul(tf.math.square(x), x);
        Operand<T> inner = tf.math.add(x, tf.math.mul(cubed, number(0.044715)));
        Operand<T> curve = tf.math.tanh(tf.math.mul(inner, number(Math.sqrt(2 / Math.PI))));
        return tf.math.mul(tf.math.mul(x, number(0.5)), tf.math.add(curve, number(1)));
    }

    /** x sigmoid(x) (Hendrycks, Gimpel, arXiv 1606.08415; Ramachandran, Zoph, Le, arXiv 1710.05941). */
    public Operand<T> silu(Operand<T> x) {
        return tf.math.mul(x, tf.math.sigmoid(x));
    }
}
