package dev.fewtune.graft;

import java.util.function.BiConsumer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The only code that asks a graft, so that a backbone cannot forget a joint. */
public final class Layers<T extends TFloating> {
    private final Pass<T> pass;
    private final Vars<T> vars;
    private final Graft<T> graft;
    private final double dropout;
    private final BiConsumer<Joint, Operand<T>> heard;
    private final Ladder.Source<T> source;

    /** @param dropout of the pretrained network, in [0, 1); acts only in a pass that has a seed */
    public Layers(Pass<T> pass, Vars<T> vars, Graft<T> graft, double dropout) {
        this(pass, vars, graft, dropout, (at, out) -> {});
    }

    /**
     * @param dropout as above
     * @param heard told what leaves each layer, [tokens, width]
     */
    public Layers(Pass<T> pass, Vars<T> vars, Graft<T> graft, double dropout, BiConsumer<Joint, Operand<T>> heard) {
        this(
                pass,
                vars,
                graft,
                dropout,
                heard,
                (at, kind, shape) -> vars.pretrained(at, kind, graft.trains(at, kind), shape));
    }

    private Layers(
            Pass<T> pass,
            Vars<T> vars,
            Graft<T> graft,
            double dropout,
            BiConsumer<Joint, Operand<T>> heard,
            Ladder.Source<T> source) {
        this.pass = pass;
        this.vars = vars;
        this.graft = graft;
        this.dropout = dropout;
        this.heard = heard;
        this.source = source;
    }

    /** Layers of other tensors, at which no method acts. */
    public Layers<T> beside(Ladder.Source<T> other) {
        return new Layers<>(pass, vars, new Graft<>() {}, dropout, (at, out) -> {}, other);
    }

    /** The same layers for rows that all see each other; see {@link Pass#over}. */
    public Layers<T> over(Operand<T> mask) {
        return new Layers<>(pass.over(mask), vars, graft, dropout, heard, source);
    }

    public Pass<T> pass() {
        return pass;
    }

    /** Affine map of [tokens, in] to [tokens, out]. */
    public Operand<T> linear(Joint at, Operand<T> x) {
        Operand<T> w = pretrained(at, Kind.WEIGHT, at.in(), at.out());
        Operand<T> y = pass.tf().math.add(graft.project(pass, at, x, w), pretrained(at, Kind.BIAS, at.out()));
        return graft.mapped(pass, at, y);
    }

    /** Linear map of [tokens, in] to [tokens, out] without a bias of its own. */
    public Operand<T> map(Joint at, Operand<T> x) {
        Operand<T> w = pretrained(at, Kind.WEIGHT, at.in(), at.out());
        return graft.mapped(pass, at, graft.shift(pass, at, graft.project(pass, at, x, w)));
    }

    /** The map to the rows of a table, as a tied output matrix: [tokens, width] to [tokens, rows]. */
    public Operand<T> mapToRows(Joint at, Operand<T> x) {
        return pass.matMul(x, table(at), MatMul.transposeB(true));
    }

    /** A vector that is added, [out]. */
    public Operand<T> bias(Joint at) {
        return pretrained(at, Kind.BIAS, at.out());
    }

    /** Root mean square norm over the last axis (Zhang, Sennrich, arXiv 1910.07467). */
    public Operand<T> rootMeanSquareNorm(Joint at, Operand<T> x, double epsilon) {
        Ops tf = pass.tf();
        Operand<T> mean = tf.math.mean(tf.math.square(x), tf.constant(-1), Mean.keepDims(true));
        Operand<T> unit = tf.math.mul(x, tf.math.rsqrt(tf.math.add(mean, pass.number(epsilon))));
        return tf.math.mul(unit, pretrained(at, Kind.SCALE, at.out()));
    }

    /** Layer norm over the last axis; see {@link Pass#norm}. */
    public Operand<T> norm(Joint at, Operand<T> x, double epsilon) {
        Operand<T> scale = pretrained(at, Kind.SCALE, at.out());
        return pass.norm(x, scale, pretrained(at, Kind.BIAS, at.out()), epsilon);
    }

    /** A pretrained table, [rows, width]. */
    public Operand<T> table(Joint at) {
        return pretrained(at, Kind.WEIGHT, at.in(), at.out());
    }

    /** Rows of a pretrained table, for numbers of any shape. */
    public Operand<T> lookup(Joint at, Operand<TInt32> numbers) {
        return pass.rows(table(at), numbers);
    }

    public Embedded<T> embed(Joint at, Embedded<T> tokens) {
        return graft.embed(pass, at, tokens);
    }

    /** Before the first layer of a stack. */
    public void begin(Ladder<T> ladder) {
        graft.begin(pass, ladder);
    }

    /**
     * After a layer.
     *
     * @return what left it
     */
    public Operand<T> tap(Joint at, Operand<T> out) {
        graft.tap(pass, at, out);
        heard.accept(at, out);
        return out;
    }

    /** The states that leave the network, [batch, length, width]. */
    public Operand<T> finish(Joint at, Operand<T> states) {
        return graft.finish(pass, at, states);
    }

    public Operand<T> block(Joint at, Operand<T> in, Operand<T> out) {
        return graft.block(pass, at, in, out);
    }

    public Operand<T> dropout(Operand<T> x) {
        return pass.dropout(x, dropout);
    }

    /**
     * Dot-product attention (Vaswani et al., arXiv 1706.03762). Keys and values may have fewer heads than the query, each
     * shared by as many (Ainslie et al., arXiv 2305.13245).
     *
     * @param in [tokens, width], what entered the sub-layer
     * @param query [batch, heads, queries, width of a head]
     * @return like {@code query}
     */
    public Operand<T> attention(Joint at, Operand<T> in, Operand<T> query, KeyValue<T> given, Scores<T> scores) {
        KeyValue<T> kv = graft.keyValue(pass, at, in, given);
        Operand<T> weights = dropout(scores.weights(pass, query, given, kv));
        return pass.tf().train.batchMatMul(weights, scores.shared(pass, kv.value()), pass.type());
    }

    private Operand<T> pretrained(Joint at, Kind kind, long... shape) {
        return source.of(at, kind, shape);
    }
}
