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
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The decoder of Llama and Qwen2: root mean square norms before each sub-layer, rotary positions, shared heads of keys
 * and values, and a feed-forward sub-layer down(silu(gate(x)) up(x)). The papers stand at {@link LlamaConfig}. Padding
 * stands behind the text.
 */
record Llama(LlamaConfig config) implements Network, Writer {
    private static final String STACK = "decoder";

    /** What all layers of one pass have in common. */
    private record Text<T extends TFloating>(
            Operand<TInt32> shape, Rotary<T> rotary, Sight<T> sight, Scores<T> scores) {}

    @Override
    public double[] turns() {
        return config.rope().frequencies(config.headWidth());
    }

    @Override
    public int maxLength() {
        return config.positions();
    }

    /** After the last norm. */
    @Override
    public <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        Embedded<T> embedded = embedded(net, Site.TOKENS, ids, mask);
        Ladder.Narrowing<T> narrowing = (divisor, source, read) -> {
            Llama small = new Llama(config.narrowed(divisor));
            Layers<T> beside = net.beside(source);
            return small.narrow(beside, small.text(beside, embedded.mask(), Sight.own(embedded.mask())));
        };
        Operand<T> states = layers(net, embedded, text(net, embedded.mask(), Sight.own(embedded.mask())), narrowing);
        return new Backbone.Hidden<>(states, embedded.mask(), embedded.before());
    }

    /** It goes on from the last token of a text. */
    @Override
    public Marks marks() {
        return new Marks(-1, config.ends());
    }

    @Override
    public Shape shape() {
        return new Shape(config.layers(), config.keyValueHeads(), config.headWidth());
    }

    @Override
    public <T extends TFloating> Memory<T> read(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        Embedded<T> embedded = embedded(net, Site.TOKENS, ids, mask);
        List<Operand<T>> keys = new ArrayList<>();
        List<Operand<T>> values = new ArrayList<>();
        Sight<T> kept = (layer, key, value) -> {
            keys.add(key);
            values.add(value);
            return new KeyValue<>(key, value, embedded.mask());
        };
        layers(net, embedded, text(net, embedded.mask(), kept), Heads.noMemory());
        return new Memory<>(List.copyOf(keys), List.copyOf(values), embedded.mask(), embedded.before());
    }

    @Override
    public <T extends TFloating> Operand<T> written(Layers<T> net, Memory<T> memory, Operand<TInt32> ids) {
        Ops tf = net.pass().tf();
        Operand<T> all = tf.onesLike(tf.dtypes.cast(ids, net.pass().type()));
        Operand<TInt32> places = Lengths.places(tf, Lengths.of(tf, ids, 1));
        Embedded<T> embedded = embedded(net, Site.TARGET_TOKENS, ids, all);
        return layers(
                net, embedded, continued(net, memory, Sight.own(all), tf.shape(ids), places, places), Heads.noMemory());
    }

    @Override
    public <T extends TFloating> Next<T> next(Layers<T> net, Memory<T> memory, Past<T> past, Operand<TInt32> ids) {
        Ops tf = net.pass().tf();
        Operand<T> all = tf.onesLike(tf.dtypes.cast(ids, net.pass().type()));
        Slots<T> slots = new Slots<>(net.pass(), past, ids);
        Embedded<T> embedded = embedded(net, Site.TARGET_TOKENS, ids, all);
        Operand<T> states = layers(
                net,
                embedded,
                continued(net, memory, slots, tf.shape(ids), slots.place(), slots.places()),
                Heads.noMemory());
        return new Next<>(tf.reshape(states, tf.constant(new int[] {-1, config.width()})), slots.past());
    }

    @Override
    public <T extends TFloating> Operand<T> vocabulary(Layers<T> net, Operand<T> rows) {
        return config.tied()
                ? net.mapToRows(joint(-1, Site.TOKENS, config.vocabulary(), config.width()), rows)
                : net.map(joint(-1, Site.HEAD, config.width(), config.vocabulary()), rows);
    }

    private <T extends TFloating> Embedded<T> embedded(Layers<T> net, Site site, Operand<TInt32> ids, Operand<T> mask) {
        Joint table = joint(-1, Site.TOKENS, config.vocabulary(), config.width());
        Joint at = joint(-1, site, config.vocabulary(), config.width());
        return net.embed(at, new Embedded<>(net.lookup(table, ids), mask, 0, table));
    }

    /** A text from its begin. */
    private <T extends TFloating> Text<T> text(Layers<T> net, Operand<T> mask, Sight<T> sight) {
        Ops tf = net.pass().tf();
        Operand<TInt32> places = Lengths.places(tf, Lengths.of(tf, mask, 1));
        return new Text<>(tf.shape(mask), rotary(net, places), sight, scores(net, places, places));
    }

    /**
     * A text that follows what has been read.
     *
     * @param near what of the new text its rows see
     * @param places of its rows in the new text
     * @param seen places of what they see of it
     */
    private <T extends TFloating> Text<T> continued(
            Layers<T> net,
            Memory<T> memory,
            Sight<T> near,
            Operand<TInt32> shape,
            Operand<TInt32> places,
            Operand<TInt32> seen) {
        Ops tf = net.pass().tf();
        Operand<TInt32> read = Lengths.read(tf, memory.mask());
        Operand<TInt32> positions = tf.math.add(tf.reshape(read, tf.constant(new int[] {-1, 1, 1})), places);
        Operand<TInt32> length = Lengths.of(tf, memory.mask(), 1);
        Operand<TInt32> all = tf.concat(List.of(Lengths.places(tf, length), tf.math.add(seen, length)), tf.constant(0));
        Scores<T> scores = scores(net, tf.math.add(places, length), all);
        return new Text<>(shape, rotary(net, positions), near.after(tf, memory), scores);
    }

    private <T extends TFloating> Rotary<T> rotary(Layers<T> net, Operand<TInt32> positions) {
        return Rotary.of(net.pass(), config.rope().frequencies(config.headWidth()), positions);
    }

    private <T extends TFloating> Scores<T> scores(Layers<T> net, Operand<TInt32> queries, Operand<TInt32> keys) {
        return new Scores<>(
                1 / Math.sqrt(config.headWidth()),
                config.heads() / config.keyValueHeads(),
                Scores.causal(net.pass(), queries, keys));
    }

    /** After the last norm, [batch, length, width]. */
    private <T extends TFloating> Operand<T> layers(
            Layers<T> net, Embedded<T> embedded, Text<T> text, Ladder.Narrowing<T> narrowing) {
        Ops tf = net.pass().tf();
        Operand<T> x = tf.reshape(embedded.rows(), tf.constant(new int[] {-1, config.width()}));
        net.begin(new Ladder<>(square(-1, Site.LAYER), config.layers(), x, null, narrowing));
        for (int layer = 0; layer < config.layers(); layer++) {
            x = net.tap(square(layer, Site.LAYER), layer(net, layer, x, text));
        }
        Operand<T> states = net.rootMeanSquareNorm(square(-1, Site.FINAL_NORM), x, config.epsilon());
        Operand<TInt32> whole =
                tf.concat(List.of(text.shape(), tf.constant(new int[] {config.width()})), tf.constant(0));
        return net.finish(square(-1, Site.STATES), tf.reshape(states, whole));
    }

    /** The layers of this one, as those beside another. */
    private <T extends TFloating> Ladder.Narrow<T> narrow(Layers<T> net, Text<T> text) {
        return new Ladder.Narrow<>(
                config.width(),
                layer -> x -> layer(net, layer, x, text),
                x -> net.rootMeanSquareNorm(square(-1, Site.FINAL_NORM), x, config.epsilon()));
    }

    private <T extends TFloating> Operand<T> layer(Layers<T> net, int layer, Operand<T> x, Text<T> text) {
        return feedForward(net, layer, attention(net, layer, x, text));
    }

    private <T extends TFloating> Operand<T> attention(Layers<T> net, int layer, Operand<T> x, Text<T> text) {
        Ops tf = net.pass().tf();
        Operand<T> unit = net.rootMeanSquareNorm(square(layer, Site.ATTENTION_NORM), x, config.epsilon());
        Heads all = new Heads(config.heads(), config.headWidth());
        Heads few = new Heads(config.keyValueHeads(), config.headWidth());
        Operand<T> query = all.split(tf, input(net, layer, Site.QUERY, config.attentionWidth(), unit), text.shape());
        Operand<T> key = few.split(tf, input(net, layer, Site.KEY, config.keyValueWidth(), unit), text.shape());
        Operand<T> value = few.split(tf, input(net, layer, Site.VALUE, config.keyValueWidth(), unit), text.shape());
        Joint at = square(layer, Site.ATTENTION);
        KeyValue<T> kv = text.sight().of(layer, text.rotary().turn(tf, key), value);
        Operand<T> seen = net.attention(at, unit, text.rotary().turn(tf, query), kv, text.scores());
        Joint output = joint(layer, Site.ATTENTION_OUTPUT, config.attentionWidth(), config.width());
        Operand<T> merged = all.merge(tf, seen);
        Operand<T> out = config.outputBias() ? net.linear(output, merged) : net.map(output, merged);
        return tf.math.add(x, net.block(at, unit, net.dropout(out)));
    }

    private <T extends TFloating> Operand<T> input(Layers<T> net, int layer, Site site, int out, Operand<T> x) {
        Joint at = joint(layer, site, config.width(), out);
        return config.inputBias() ? net.linear(at, x) : net.map(at, x);
    }

    private <T extends TFloating> Operand<T> feedForward(Layers<T> net, int layer, Operand<T> x) {
        Ops tf = net.pass().tf();
        Operand<T> unit = net.rootMeanSquareNorm(square(layer, Site.OUTPUT_NORM), x, config.epsilon());
        Operand<T> gate = net.pass().silu(net.map(joint(layer, Site.GATE, config.width(), config.inner()), unit));
        Operand<T> up = net.map(joint(layer, Site.INTERMEDIATE, config.width(), config.inner()), unit);
        Joint down = joint(layer, Site.OUTPUT, config.inner(), config.width());
        Operand<T> out = net.dropout(net.map(down, tf.math.mul(gate, up)));
        return tf.math.add(x, net.block(square(layer, Site.FEED_FORWARD), unit, out));
    }

    private Joint square(int layer, Site site) {
        return joint(layer, site, config.width(), config.width());
    }

    private static Joint joint(int layer, Site site, int in, int out) {
        return new Joint(STACK, layer, site, in, out);
    }
}
