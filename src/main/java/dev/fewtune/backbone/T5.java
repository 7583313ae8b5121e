package dev.fewtune.backbone;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Ladder;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Scores;
import dev.fewtune.graft.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Encoder and decoder of T5: root mean square norms before each sub-layer, relative positions that all layers of a stack
 * share, unscaled attention. The papers stand at {@link T5Config}. Padding stands behind the text.
 */
record T5(T5Config config) implements Network, Writer {
    private static final String ENCODER = "encoder";
    private static final String DECODER = "decoder";
    /** Relative positions have no limit; this one bounds the memory that a mistake can ask for. */
    private static final int LONGEST = 8192;

    /**
     * What all layers of one stack have in common.
     *
     * @param read keys and values of the other stack, by layer; null in the encoder
     */
    private record Stack<T extends TFloating>(
            String name, Operand<TInt32> shape, Sight<T> sight, Scores<T> scores, IntFunction<KeyValue<T>> read) {}

    @Override
    public int maxLength() {
        return LONGEST;
    }

    @Override
    public <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        Backbone.Hidden<T> read = encoded(net, ids, mask);
        Operand<T> states = net.over(read.mask()).finish(square(ENCODER, -1, Site.STATES), read.states());
        return new Backbone.Hidden<>(states, read.mask(), read.before());
    }

    /** States of the encoder after its last norm and dropout. */
    <T extends TFloating> Backbone.Hidden<T> encoded(Layers<T> net, Operand<TInt32> ids, Operand<T> mask) {
        Joint at = new Joint(ENCODER, -1, Site.TOKENS, config.vocabulary(), config.width());
        Embedded<T> embedded = net.embed(at, new Embedded<>(net.lookup(tokens(), ids), mask, 0, tokens()));
        Layers<T> text = net.over(embedded.mask());
        Ladder.Narrowing<T> narrowing = (divisor, source, read) -> {
            T5 small = new T5(config.narrowed(divisor));
            Layers<T> beside = text.beside(source);
            return small.narrow(beside, small.whole(beside, ENCODER, embedded, null));
        };
        return layers(text, whole(text, ENCODER, embedded, null), embedded, config.encoderLayers(), narrowing);
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
        return decoded(net, ids, mask, remembered(net, read), embedded -> (divisor, source, states) -> {
            T5 small = new T5(config.narrowed(divisor));
            Layers<T> beside = net.beside(source);
            return small.narrow(
                    beside, small.whole(beside, DECODER, embedded, small.read(beside, states, read.mask())));
        });
    }

    @Override
    public Marks marks() {
        return new Marks(config.start(), List.of(config.end()));
    }

    @Override
    public Shape shape() {
        return new Shape(config.decoderLayers(), config.heads(), config.headWidth());
    }

    /** The keys and values of the attention to the encoder. */
    @Override
    public <T extends TFloating> Memory<T> read(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return remembered(net, encoded(net, ids, mask));
    }

    @Override
    public <T extends TFloating> Operand<T> written(Layers<T> net, Memory<T> memory, Operand<TInt32> ids) {
        Ops tf = net.pass().tf();
        Operand<T> all = tf.onesLike(tf.dtypes.cast(ids, net.pass().type()));
        return decoded(net, ids, all, memory, embedded -> Heads.noMemory()).states();
    }

    @Override
    public <T extends TFloating> Next<T> next(Layers<T> net, Memory<T> memory, Past<T> past, Operand<TInt32> ids) {
        Ops tf = net.pass().tf();
        Operand<T> all = tf.onesLike(tf.dtypes.cast(ids, net.pass().type()));
        Embedded<T> embedded = embeddedTarget(net, ids, all);
        Slots<T> slots = new Slots<>(net.pass(), past, ids);
        Scores<T> scores = scores(net, DECODER, slots.place(), slots.places());
        Stack<T> stack = new Stack<>(DECODER, tf.shape(embedded.mask()), slots, scores, memory::of);
        Backbone.Hidden<T> hidden = layers(net, stack, embedded, config.decoderLayers(), Heads.noMemory());
        return new Next<>(tf.reshape(hidden.states(), tf.constant(new int[] {-1, config.width()})), slots.past());
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

    private <T extends TFloating> Backbone.Hidden<T> decoded(
            Layers<T> net,
            Operand<TInt32> ids,
            Operand<T> mask,
            Memory<T> memory,
            Function<Embedded<T>, Ladder.Narrowing<T>> narrowing) {
        Embedded<T> embedded = embeddedTarget(net, ids, mask);
        Backbone.Hidden<T> hidden = layers(
                net,
                whole(net, DECODER, embedded, memory::of),
                embedded,
                config.decoderLayers(),
                narrowing.apply(embedded));
        Operand<T> states = net.finish(square(DECODER, -1, Site.STATES), hidden.states());
        return new Backbone.Hidden<>(states, hidden.mask(), hidden.before());
    }

    /** The layers of this one, as those beside another. */
    private <T extends TFloating> Ladder.Narrow<T> narrow(Layers<T> net, Stack<T> stack) {
        Joint norm = square(stack.name(), -1, Site.FINAL_NORM);
        return new Ladder.Narrow<>(
                config.width(),
                layer -> x -> layer(net, stack, layer, x),
                x -> net.dropout(net.rootMeanSquareNorm(norm, x, config.epsilon())));
    }

    private <T extends TFloating> Operand<T> layer(Layers<T> net, Stack<T> stack, int layer, Operand<T> x) {
        Operand<T> own = selfAttention(net, stack, layer, x);
        Operand<T> both = stack.read() == null ? own : crossAttention(net, stack, layer, own);
        return feedForward(net, stack, layer, both);
    }

    private <T extends TFloating> Embedded<T> embeddedTarget(Layers<T> net, Operand<TInt32> ids, Operand<T> mask) {
        Joint at = new Joint(DECODER, -1, Site.TARGET_TOKENS, config.vocabulary(), config.width());
        return net.embed(at, new Embedded<>(net.lookup(tokens(), ids), mask, 0, tokens()));
    }

    private <T extends TFloating> Memory<T> remembered(Layers<T> net, Backbone.Hidden<T> read) {
        IntFunction<KeyValue<T>> all = read(net, read.states(), read.mask());
        List<Operand<T>> keys = new ArrayList<>();
        List<Operand<T>> values = new ArrayList<>();
        for (int layer = 0; layer < config.decoderLayers(); layer++) {
            KeyValue<T> kv = all.apply(layer);
            keys.add(kv.key());
            values.add(kv.value());
        }
        return new Memory<>(keys, values, read.mask(), read.before());
    }

    /** Keys and values of the encoder's states for each layer of the decoder. */
    private <T extends TFloating> IntFunction<KeyValue<T>> read(Layers<T> net, Operand<T> states, Operand<T> mask) {
        Ops tf = net.pass().tf();
        Operand<T> rows = tf.reshape(states, tf.constant(new int[] {-1, config.width()}));
        Operand<TInt32> shape = tf.shape(mask);
        Layers<T> text = net.over(mask);
        return layer -> new KeyValue<>(
                heads().split(tf, text.map(inward(DECODER, layer, Site.CROSS_KEY), rows), shape),
                heads().split(tf, text.map(inward(DECODER, layer, Site.CROSS_VALUE), rows), shape),
                mask);
    }

    /** A stack over all rows at once. */
    private <T extends TFloating> Stack<T> whole(
            Layers<T> net, String name, Embedded<T> embedded, IntFunction<KeyValue<T>> read) {
        Ops tf = net.pass().tf();
        Operand<TInt32> places = Lengths.places(tf, Lengths.of(tf, embedded.mask(), 1));
        Scores<T> scores = scores(net, name, places, places);
        return new Stack<>(name, tf.shape(embedded.mask()), Sight.own(embedded.mask()), scores, read);
    }

    private <T extends TFloating> Scores<T> scores(
            Layers<T> net, String stack, Operand<TInt32> queries, Operand<TInt32> keys) {
        Ops tf = net.pass().tf();
        boolean both = stack.equals(ENCODER);
        Joint table = new Joint(stack, 0, Site.RELATIVE_BIAS, config.buckets(), config.heads());
        Buckets buckets = new Buckets(config.buckets(), config.maxDistance(), both);
        Operand<T> bias = buckets.bias(tf, net.table(table), queries, keys);
        Operand<T> all = both ? bias : tf.math.add(bias, Scores.causal(net.pass(), queries, keys));
        return new Scores<>(1, 1, all);
    }

    private <T extends TFloating> Backbone.Hidden<T> layers(
            Layers<T> net, Stack<T> stack, Embedded<T> embedded, int count, Ladder.Narrowing<T> narrowing) {
        Ops tf = net.pass().tf();
        Operand<T> x = net.dropout(tf.reshape(embedded.rows(), tf.constant(new int[] {-1, config.width()})));
        String reads = stack.read() == null ? null : ENCODER;
        net.begin(new Ladder<>(square(stack.name(), -1, Site.LAYER), count, x, reads, narrowing));
        for (int layer = 0; layer < count; layer++) {
            x = net.tap(square(stack.name(), layer, Site.LAYER), layer(net, stack, layer, x));
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
        KeyValue<T> kv = stack.sight().of(layer, key, value);
        Operand<T> seen = net.attention(at, unit, query, kv, stack.scores());
        Operand<T> out = net.map(outward(name, layer, Site.ATTENTION_OUTPUT), heads().merge(tf, seen));
        return tf.math.add(x, net.block(at, unit, net.dropout(out)));
    }

    private <T extends TFloating> Operand<T> crossAttention(Layers<T> net, Stack<T> stack, int layer, Operand<T> x) {
        Ops tf = net.pass().tf();
        Joint norm = square(DECODER, layer, Site.CROSS_ATTENTION_NORM);
        Operand<T> unit = net.rootMeanSquareNorm(norm, x, config.epsilon());
        Operand<T> query = heads().split(tf, net.map(inward(DECODER, layer, Site.CROSS_QUERY), unit), stack.shape());
        Joint at = square(DECODER, layer, Site.CROSS_ATTENTION);
        Operand<T> seen = net.attention(at, unit, query, stack.read().apply(layer), new Scores<>(1, 1, null));
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
