package dev.fewtune.graft;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** One forward pass that is being written into a graph: its operations, its number type, and its dropout. */
public final class Pass<T extends TFloating> {
    /** Keeps the streams of two dropout sites apart: a large odd step between their seeds. */
    private static final long APART = 0x9E3779B97F4A7C15L;

    private final Ops tf;
    private final Class<T> type;
    private final Operand<TInt64> seed;
    private final boolean narrow;
    private final Operand<T> whole;
    private final AtomicLong sites;

    /** @param seed [run, step], fed at each step; null for a pass without dropout */
    public Pass(Ops tf, Class<T> type, Operand<TInt64> seed) {
        this(tf, type, seed, false);
    }

    /**
     * @param seed as above
     * @param narrow whether matrices are multiplied in bfloat16
     */
    public Pass(Ops tf, Class<T> type, Operand<TInt64> seed, boolean narrow) {
        this(tf, type, seed, narrow, null, new AtomicLong());
    }

    private Pass(Ops tf, Class<T> type, Operand<TInt64> seed, boolean narrow, Operand<T> whole, AtomicLong sites) {
        this.tf = tf;
        this.type = type;
        this.seed = seed;
        this.narrow = narrow;
        this.whole = whole;
        this.sites = sites;
    }

    /**
     * The same pass among rows that all see each other, so that each may be told about the whole example.
     *
     * @param mask [batch, length] of the rows, which stand one after the other as [batch * length, …]; 1 for a real row
     */
    public Pass<T> over(Operand<T> mask) {
        return new Pass<>(tf, type, seed, narrow, mask, sites);
    }

    /** Whether rows may be told about the whole example; where rows must not see those after them, they may not. */
    public boolean isWhole() {
        return whole != null;
    }

    /**
     * Means over the real rows of each example.
     *
     * @param rows [batch * length, width]
     * @return [batch, width]
     */
    public Operand<T> means(Operand<T> rows) {
        Operand<T> seen = tf.expandDims(whole, tf.constant(2));
        Operand<T> sum = tf.sum(tf.math.mul(tf.reshape(rows, apart(rows)), seen), tf.constant(1));
        return tf.math.div(sum, tf.sum(seen, tf.constant(1)));
    }

    /**
     * Each example's row once for each of its rows.
     *
     * @param ofExamples [batch, width]
     * @return [batch * length, width]
     */
    public Operand<T> spread(Operand<T> ofExamples) {
        Operand<T> copies = tf.math.mul(
                tf.expandDims(ofExamples, tf.constant(1)), tf.onesLike(tf.expandDims(whole, tf.constant(2))));
        return tf.reshape(copies, tf.concat(List.of(tf.constant(new int[] {-1}), width(ofExamples)), tf.constant(0)));
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

    /** The product of two matrices; in a narrow pass both are rounded to bfloat16, and so is the product. */
    public Operand<T> matMul(Operand<T> a, Operand<T> b, MatMul.Options... options) {
        if (!narrow) {
            return tf.linalg.matMul(a, b, options);
        }
        return tf.dtypes.cast(tf.linalg.matMul(narrowed(a), narrowed(b), options), type);
    }

    /** Rows of a table, for numbers of any shape; only these are widened where the table is kept in bfloat16. */
    public Operand<T> rows(Operand<T> table, Operand<TInt32> numbers) {
        Operand<TInt32> first = tf.constant(0);
        Output<TBfloat16> kept = widenedFrom(table);
        return kept == null
                ? tf.gather(table, numbers, first, new Gather.Options[0])
                : tf.dtypes.cast(tf.gather(kept, numbers, first, new Gather.Options[0]), type);
    }

    /** Zeroes each entry with probability {@code rate} and scales the others; nothing in a pass without dropout. */
    public Operand<T> dropout(Operand<T> x, double rate) {
        if (seed == null || rate == 0) {
            return x;
        }
        Operand<T> uniform = tf.random.statelessRandomUniform(tf.shape(x), here(), type);
        Operand<T> scale = tf.select(tf.math.less(uniform, number(rate)), number(0), number(1 / (1 - rate)));
        return tf.math.mul(x, scale);
    }

    /** A number in [0, 1), drawn anew at each step and the same wherever a pass asks; none in a pass without dropout. */
    public Optional<Operand<T>> chance() {
        if (seed == null) {
            return Optional.empty();
        }
        Operand<TInt64> apart = tf.math.add(seed, tf.constant(new long[] {APART / 2, 0}));
        return Optional.of(tf.random.statelessRandomUniform(tf.constant(new int[0]), apart, type));
    }

    /** Standard normal numbers in the shape of {@code like}, drawn anew at each step; zeros in a pass without dropout. */
    public Operand<T> noise(Operand<T> like) {
        return seed == null
                ? tf.zerosLike(like)
                : tf.stopGradient(tf.random.statelessRandomNormal(tf.shape(like), here(), type));
    }

    /** Layer norm over the last axis (Ba, Kiros, Hinton, arXiv 1607.06450). */
    public Operand<T> norm(Operand<T> x, Operand<T> scale, Operand<T> bias, double epsilon) {
        Operand<TInt32> last = tf.constant(-1);
        Operand<T> mean = tf.math.mean(x, last, Mean.keepDims(true));
        Operand<T> centred = tf.math.sub(x, mean);
        Operand<T> variance = tf.math.mean(tf.math.square(centred), last, Mean.keepDims(true));
        Operand<T> unit = tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, number(epsilon))));
        return tf.math.add(tf.math.mul(unit, scale), bias);
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

    private Operand<TBfloat16> narrowed(Operand<T> x) {
        Output<TBfloat16> before = widenedFrom(x);
        return before == null ? tf.dtypes.cast(x, TBfloat16.class) : before;
    }

    /** What was widened to this, without loss; null where it was not bfloat16 before. */
    private static Output<TBfloat16> widenedFrom(Operand<?> x) {
        if (x.op() instanceof GraphOperation made && made.type().equals("Cast")) {
            Output<?> from = made.input(0);
            return from.type() == TBfloat16.class ? from.expect(TBfloat16.class) : null;
        }
        return null;
    }

    /** [batch, length, width] */
    private Operand<TInt32> apart(Operand<T> rows) {
        return tf.concat(List.of(tf.shape(whole), width(rows)), tf.constant(0));
    }

    private Operand<TInt32> width(Operand<T> x) {
        return tf.slice(tf.shape(x), tf.constant(new int[] {1}), tf.constant(new int[] {1}));
    }

    /** The seed of one place that draws. */
    private Operand<TInt64> here() {
        return tf.math.add(seed, tf.constant(new long[] {APART * sites.incrementAndGet(), 0}));
    }
}
