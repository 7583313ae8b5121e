package dev.fewtune.backbone;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Scores;
import dev.fewtune.graft.Site;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Encoder and decoder of T5: root mean square norms before each sub-layer, relative positions that all layers of a stack
 * share, unscaled attention. The papers stand at {@link T5Config}. Padding stands behind the text.
 */
record T5(T5Config config) implements Network {
    private static final String ENCODER = "encoder";
    private static final String DECODER = "decoder";
    /** Relative positions have no limit; this one bounds the memory that a mistake can ask for. */
    private static final int LONGEST = 8192;

    /** What all layers of one stack have in common. */
    private record Stack<T extends TFloating>(
            String name, Operand<TInt32> shape, Operand<T> mask, Scores<T> scores, Backbone.Hidden<T> read) {}

    @Override
    public int maxLength() {
        return LONGEST;
    }

    @Override
    public <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return encoded(net, ids, mask);
    }

    /** States of the encoder after its last norm and dropout. */
    <T extends TFloating> Backbone.Hidden<T> encoded(Layers<T> net, Operand<TInt32> ids, Operand<T> mask) {
        Joint at = new Joint(ENCODER, -1, Site.TOKENS, config.vocabulary(), config.width());
        Embedded<T> embedded = net.embed(at, new Embedded<>(net.lookup(tokens(), ids), mask, 0, tokens()));
        return layers(net, stack(net, ENCODER, embedded, null), embedded, config.encoderLayers());
    }

    /**
     * States of the decoder after its last norm and dropout, ready for {@link #vocabulary}.
     *
     * @param ids what has been written so far, [batch, length], the start token first
     * @param mask [batch, length]
     * @param read the encoder's states
     */
    <T extends TFloating> Backbone.Hidden<T> decoded(
            Layers<T> net, Operand<TInt32> ids, Operand<T> mask, Backbone.Hidden<T> read) {
        Joint at = new Joint(DECODER, -1, Site.TARGET_TOKENS, config.vocabulary(), config.width());
        Embedded<T> embedded = net.embed(at, new Embedded<>(net.lookup(tokens(), ids), mask, 0, tokens()));
        return layers(net, stack(net, DECODER, embedded, read), embedded, config.decoderLayers());
    }

    @Override
    public <T extends TFloating> Operand<T> vocabulary(Layers<T> net, Operand<T> rows) {
        Operand<T> scaled = config.scaled()
                ? net.pass().tf().math.mul(rows, net.pass().number(1 / Math.sqrt(config.width())))
                : rows;
        return config.tied()
                ? net.mapToRows(tokens(), scaled)
                : net.map(new Joint(DECODER, -1, Site.HEAD, config.width(), config.vocabulary()), scaled);
    }

    private <T extends TFloating> Stack<T> stack(
            Layers<T> net, String name, Embedded<T> embedded, Backbone.Hidden<T> read) {
        Ops tf = net.pass().tf();
        Operand<TInt32> shape = tf.shape(embedded.mask());
        Operand<TInt32> length = tf.reshape(
                tf.slice(shape, tf.constant(new int[] {1}), tf.constant(new int[] {1})), tf.constant(new int[0]));
        Joint table = new Joint(name, 0, Site.RELATIVE_BIAS, config.buckets(), config.heads());
        Buckets buckets = new Buckets(config.buckets(), config.maxDistance(), read == null);
        Operand<T> bias = buckets.bias(tf, net.table(table), length);
        Operand<T> all = read == null ? bias : tf.math.add(bias, Scores.causal(net.pass(), length));
        return new Stack<>(name, shape, embedded.mask(), new Scores<>(1, 1, all), read);
    }

    private <T extends TFloating> Backbone.Hidden<T> layers(
            Layers<T> net, Stack<T> stack, Embedded<T> embedded, int count) {
        Ops tf = net.pass().tf();
        Operand<T> x = net.dropout(tf.reshape(embedded.rows(), tf.constant(new int[] {-1, config.width()})));
        for (int layer = 0; layer < count; layer++) {
            x = selfAttention(net, stack, layer, x);
            x = stack.read() == null ? x : crossAttention(net, stack, layer, x);
            x = feedForward(net, stack, layer, x);
        }
        Joint last = square(stack.name(), -1, Site.FINAL_NORM);
        Operand<T> states = net.dropout(net.rootMeanSquareNorm(last, x, config.epsilon()));
        Operand<TInt32> whole =
                tf.concat(List.of(stack.shape(), tf.constant(new int[] {config.width()})), tf.constant(0));
        return new Backbone.Hidden<>(tf.reshape(states, whole), embedded.mask(), embedded.before());
    }

    private <T extends TFloating> Operand<T> selfAttention(Layers<T> net, Stack<T> stack, int layer, Operand<T> x) {
        Ops tf = net.pass().tf();
        String name = stack.name();
        Operand<T> unit = net.rootMeanSquareNorm(square(name, layer, Site.ATTENTION_NORM), x, config.epsilon());
        Operand<T> query = heads().split(tf, net.map(inward(name, layer, Site.QUERY), unit), stack.shape());
        Operand<T> key = heads().split(tf, net.map(inward(name, layer, Site.KEY), unit), stack.shape());
        Operand<T> value = heads().split(tf, net.map(inward(name, layer, Site.VALUE), unit), stack.shape());
        Joint at = square(name, layer, Site.ATTENTION);
        Operand<T> seen = net.attention(at, query, new KeyValue<>(key, value, stack.mask()), stack.scores());
        Operand<T> out = net.map(outward(name, layer, Site.ATTENTION_OUTPUT), heads().merge(tf, seen));
        return tf.math.add(x, net.block(at, unit, net.dropout(out)));
    }

    private <T extends TFloating> Operand<T> crossAttention(Layers<T> net, Stack<T> stack, int layer, Operand<T> x) {
        Ops tf = net.pass().tf();
        Backbone.Hidden<T> read = stack.read();
        Operand<T> rows = tf.reshape(read.states(), tf.constant(new int[] {-1, config.width()}));
        Operand<TInt32> shape = tf.shape(read.mask());
        Joint norm = square(DECODER, layer, Site.CROSS_ATTENTION_NORM);
        Operand<T> unit = net.rootMeanSquareNorm(norm, x, config.epsilon());
        Operand<T> query = heads().split(tf, net.map(inward(DECODER, layer, Site.CROSS_QUERY), unit), stack.shape());
        Operand<T> key = heads().split(tf, net.map(inward(DECODER, layer, Site.CROSS_KEY), rows), shape);
        Operand<T> value = heads().split(tf, net.map(inward(DECODER, layer, Site.CROSS_VALUE), rows), shape);
        Joint at = square(DECODER, layer, Site.CROSS_ATTENTION);
        KeyValue<T> kv = new KeyValue<>(key, value, read.mask());
        Operand<T> seen = net.attention(at, query, kv, new Scores<>(1, 1, null));
        Operand<T> out = net.map(outward(DECODER, layer, Site.CROSS_ATTENTION_OUTPUT), heads().merge(tf, seen));
        return tf.math.add(x, net.block(at, unit, net.dropout(out)));
    }

    private <T extends TFloating> Operand<T> feedForward(Layers<T> net, Stack<T> stack, int layer, Operand<T> x) {
        Ops tf = net.pass().tf();
        String name = stack.name();
        Operand<T> unit = net.rootMeanSquareNorm(square(name, layer, Site.OUTPUT_NORM), x, config.epsilon());
        Operand<T> wide = net.map(new Joint(name, layer, Site.INTERMEDIATE, config.width(), config.inner()), unit);
        Operand<T> middle = config.gated()
                ? tf.math.mul(config.activation().of(net.pass(), gate(net, name, layer, unit)), wide)
                : config.activation().of(net.pass(), wide);
        Joint down = new Joint(name, layer, Site.OUTPUT, config.inner(), config.width());
        Operand<T> out = net.dropout(net.map(down, net.dropout(middle)));
        return tf.math.add(x, net.block(square(name, layer, Site.FEED_FORWARD), unit, out));
    }

    private <T extends TFloating> Operand<T> gate(Layers<T> net, String stack, int layer, Operand<T> x) {
        return net.map(new Joint(stack, layer, Site.GATE, config.width(), config.inner()), x);
    }

    private Heads heads() {
        return new Heads(config.heads(), config.headWidth());
    }

    private Joint tokens() {
        return new Joint("shared", -1, Site.TOKENS, config.vocabulary(), config.width());
    }

    private Joint square(String stack, int layer, Site site) {
        return new Joint(stack, layer, site, config.width(), config.width());
    }

    private Joint inward(String stack, int layer, Site site) {
        return new Joint(stack, layer, site, config.width(), config.attentionWidth());
    }

    private Joint outward(String stack, int layer, Site site) {
        return new Joint(stack, layer, site, config.attentionWidth(), config.width());
    }
}
