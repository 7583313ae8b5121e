package dev.fewtune.backbone;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Site;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The BERT encoder without its pooler (Devlin et al., arXiv 1810.04805): exact GELU, norms after the residual sums,
 * learned absolute positions.
 *
 * @param vocabulary rows of the token table
 * @param positions rows of the position table, and so the longest input
 * @param types rows of the segment table
 * @param inner width of the feed-forward sub-layer
 */
public record Bert(int vocabulary, int positions, int types, int layers, int width, int heads, int inner) {
    private static final double EPSILON = 1e-12;
    private static final String STACK = "encoder";

    /** Number of weights: tables, embedding norm, and per layer four square maps, two wide ones and two norms. */
    public long parameters() {
        long d = width;
        long tables = (vocabulary + positions + types) * d + 2 * d;
        long layer = 4 * (d * d + d) + (d * inner + inner) + (inner * d + d) + 4 * d;
        return tables + layers * layer;
    }

    <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> segments, Operand<T> mask) {
        Ops tf = net.pass().tf();
        Joint tokens = joint(-1, Site.TOKENS, vocabulary, width);
        Embedded<T> embedded = net.embed(tokens, new Embedded<>(net.lookup(tokens, ids), mask, 0));
        int before = embedded.before();
        Operand<TInt32> shape = tf.shape(embedded.mask());
        Operand<TInt32> length = tf.slice(shape, ints(tf, 1), ints(tf, 1));
        Operand<TInt32> allSegments = tf.pad(segments, tf.constant(new int[][] {{0, 0}, {before, 0}}), tf.constant(0));
        Operand<T> placed = tf.slice(
                net.table(joint(-1, Site.POSITIONS, positions, width)),
                ints(tf, 0, 0),
                tf.concat(List.of(length, ints(tf, width)), tf.constant(0)));
        Operand<T> sum = tf.math.add(
                tf.math.add(embedded.rows(), net.lookup(joint(-1, Site.TYPES, types, width), allSegments)), placed);
        Operand<T> x = net.dropout(net.norm(joint(-1, Site.EMBEDDING_NORM, width, width), sum, EPSILON));
        x = tf.reshape(x, ints(tf, -1, width));
        for (int layer = 0; layer < layers; layer++) {
            x = feedForward(net, layer, attention(net, layer, x, embedded.mask(), shape));
        }
        return new Backbone.Hidden<>(tf.reshape(x, tf.concat(List.of(shape, ints(tf, width)), tf.constant(0))), before);
    }

    private <T extends TFloating> Operand<T> attention(
            Layers<T> net, int layer, Operand<T> x, Operand<T> mask, Operand<TInt32> shape) {
        Ops tf = net.pass().tf();
        Operand<T> query = split(tf, net.linear(joint(layer, Site.QUERY, width, width), x), shape);
        Operand<T> key = split(tf, net.linear(joint(layer, Site.KEY, width, width), x), shape);
        Operand<T> value = split(tf, net.linear(joint(layer, Site.VALUE, width, width), x), shape);
        Joint at = joint(layer, Site.ATTENTION, width, width);
        Operand<T> seen = net.attention(at, query, new KeyValue<>(key, value, mask), width / heads);
        Operand<T> merged = tf.reshape(tf.linalg.transpose(seen, ints(tf, 0, 2, 1, 3)), ints(tf, -1, width));
        Operand<T> out = net.dropout(net.linear(joint(layer, Site.ATTENTION_OUTPUT, width, width), merged));
        Operand<T> sum = tf.math.add(x, net.block(at, x, out));
        return net.norm(joint(layer, Site.ATTENTION_NORM, width, width), sum, EPSILON);
    }

    private <T extends TFloating> Operand<T> feedForward(Layers<T> net, int layer, Operand<T> x) {
        Operand<T> wide = net.pass().gelu(net.linear(joint(layer, Site.INTERMEDIATE, width, inner), x));
        Operand<T> out = net.dropout(net.linear(joint(layer, Site.OUTPUT, inner, width), wide));
        Operand<T> changed = net.block(joint(layer, Site.FEED_FORWARD, width, width), x, out);
        return net.norm(
                joint(layer, Site.OUTPUT_NORM, width, width),
                net.pass().tf().math.add(x, changed),
                EPSILON);
    }

    private <T extends TFloating> Operand<T> split(Ops tf, Operand<T> x, Operand<TInt32> shape) {
        Operand<TInt32> parts = tf.concat(List.of(shape, ints(tf, heads, width / heads)), tf.constant(0));
        return tf.linalg.transpose(tf.reshape(x, parts), ints(tf, 0, 2, 1, 3));
    }

    private static Joint joint(int layer, Site site, int in, int out) {
        return new Joint(STACK, layer, site, in, out);
    }

    private static Operand<TInt32> ints(Ops tf, int... values) {
        return tf.constant(values);
    }
}
