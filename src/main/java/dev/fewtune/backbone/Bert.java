package dev.fewtune.backbone;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Rows;
import dev.fewtune.graft.Site;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The BERT encoder: post-norm blocks, erf-GELU, learned positions (Devlin, Chang, Lee, Toutanova, NAACL 2019, section
 * 3; arithmetic as in Hugging Face Transformers).
 */
public final class Bert {
    private static final String STACK = "encoder";
    private static final double FORBIDDEN = -1e9;
    private final Geometry geometry;

    public Bert(Geometry geometry) {
        this.geometry = geometry;
    }

    /** See {@link Backbone#states}. */
    public <T extends TNumber> Rows<T> states(
            Ops tf, Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> segments, Operand<T> mask) {
        Rows<T> rows = layers.embed(
                outer(Site.EMBEDDING, geometry.vocabulary()),
                new Rows<>(
                        tf.gather(layers.table(outer(Site.EMBEDDING, geometry.vocabulary())), ids, tf.constant(0)),
                        mask,
                        0));
        Frame<T> frame = new Frame<>(tf, layers, rows);
        Operand<T> x = embedded(frame, rows, segments);
        for (int layer = 0; layer < geometry.layers(); layer++) {
            x = attention(frame, layer, x);
            x = feedForward(frame, layer, x);
        }
        return new Rows<>(tf.reshape(x, tf.shape(rows.values())), rows.mask(), rows.prompt());
    }

    /** One batch on its way through the layers. */
    private record Frame<T extends TNumber>(Ops tf, Layers<T> layers, Rows<T> rows) {
        Operand<TInt32> extent(int axis) {
            return tf.gather(tf.shape(rows.values()), tf.constant(axis), tf.constant(0));
        }
    }

    private <T extends TNumber> Operand<T> embedded(Frame<T> frame, Rows<T> rows, Operand<TInt32> segments) {
        Ops tf = frame.tf();
        Operand<TInt32> width = tf.constant(geometry.hidden());
        Operand<T> positions = tf.slice(
                frame.layers().table(outer(Site.POSITION, geometry.positions())),
                tf.constant(new int[] {0, 0}),
                tf.stack(java.util.List.of(frame.extent(1), width)));
        Operand<T> types = tf.gather(
                frame.layers().table(outer(Site.SEGMENT, geometry.segments())),
                withPrompt(frame, rows.prompt(), segments),
                tf.constant(0));
        Operand<T> sum = tf.math.add(tf.math.add(rows.values(), types), positions);
        Operand<T> flat = tf.reshape(sum, tf.constant(new int[] {-1, geometry.hidden()}));
        Operand<T> normed =
                frame.layers().norm(outer(Site.EMBEDDING_NORM, geometry.hidden()), flat, geometry.epsilon());
        return frame.layers().dropout(normed);
    }

    private <T extends TNumber> Operand<TInt32> withPrompt(Frame<T> frame, int prompt, Operand<TInt32> segments) {
        if (prompt == 0) {
            return segments;
        }
        return frame.tf()
                .pad(
                        segments,
                        frame.tf().constant(new int[][] {{0, 0}, {prompt, 0}}),
                        frame.tf().constant(0));
    }

    private <T extends TNumber> Operand<T> attention(Frame<T> frame, int layer, Operand<T> x) {
        Ops tf = frame.tf();
        Layers<T> layers = frame.layers();
        Operand<T> queries = heads(frame, layers.linear(inner(layer, Site.QUERY), x));
        KeyValue<T> pair = layers.keyValue(
                inner(layer, Site.KEY),
                new KeyValue<>(
                        heads(frame, layers.linear(inner(layer, Site.KEY), x)),
                        heads(frame, layers.linear(inner(layer, Site.VALUE), x)),
                        frame.rows().mask()));
        Operand<T> scores = tf.train.batchMatMul(queries, pair.keys(), keysType(queries), BatchMatMul.adjY(true));
        double scale = 1 / Math.sqrt((double) geometry.hidden() / geometry.heads());
        Operand<T> forbidden = tf.math.mul(tf.math.sub(layers.number(1), pair.mask()), layers.number(FORBIDDEN));
        Operand<T> bias = tf.expandDims(tf.expandDims(forbidden, tf.constant(1)), tf.constant(1));
        Operand<T> shares = layers.dropout(tf.nn.softmax(tf.math.add(tf.math.mul(scores, layers.number(scale)), bias)));
        Operand<T> mixed = tf.train.batchMatMul(shares, pair.values(), keysType(queries));
        Operand<T> joined = tf.reshape(
                tf.linalg.transpose(mixed, tf.constant(new int[] {0, 2, 1, 3})),
                tf.constant(new int[] {-1, geometry.hidden()}));
        Operand<T> out = layers.dropout(layers.linear(inner(layer, Site.ATTENTION_OUT), joined));
        Operand<T> grafted = layers.block(inner(layer, Site.ATTENTION_OUT), x, out);
        return layers.norm(inner(layer, Site.ATTENTION_NORM), tf.math.add(x, grafted), geometry.epsilon());
    }

    @SuppressWarnings("unchecked")
    private static <T extends TNumber> Class<T> keysType(Operand<T> like) {
        return (Class<T>) like.type();
    }

    private <T extends TNumber> Operand<T> heads(Frame<T> frame, Operand<T> x) {
        Ops tf = frame.tf();
        Operand<TInt32> shape = tf.stack(java.util.List.of(
                frame.extent(0),
                frame.extent(1),
                tf.constant(geometry.heads()),
                tf.constant(geometry.hidden() / geometry.heads())));
        return tf.linalg.transpose(tf.reshape(x, shape), tf.constant(new int[] {0, 2, 1, 3}));
    }

    private <T extends TNumber> Operand<T> feedForward(Frame<T> frame, int layer, Operand<T> x) {
        Ops tf = frame.tf();
        Layers<T> layers = frame.layers();
        int wide = geometry.feedForward();
        Operand<T> inside =
                gelu(tf, layers, layers.linear(new Joint(STACK, layer, Site.FFN_IN, geometry.hidden(), wide), x));
        Joint back = new Joint(STACK, layer, Site.FFN_OUT, wide, geometry.hidden());
        Operand<T> grafted = layers.block(back, x, layers.dropout(layers.linear(back, inside)));
        return layers.norm(inner(layer, Site.FFN_NORM), tf.math.add(x, grafted), geometry.epsilon());
    }

    private static <T extends TNumber> Operand<T> gelu(Ops tf, Layers<T> layers, Operand<T> x) {
        Operand<T> erf = tf.math.erf(tf.math.mul(x, layers.number(1 / Math.sqrt(2))));
        return tf.math.mul(tf.math.mul(x, layers.number(0.5)), tf.math.add(erf, layers.number(1)));
    }

    private Joint inner(int layer, Site site) {
        return new Joint(STACK, layer, site, geometry.hidden(), geometry.hidden());
    }

    private Joint outer(Site site, int rows) {
        return new Joint(STACK, -1, site, rows, geometry.hidden());
    }
}
