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
 * The decoder of Llama and Qwen2: root mean square norms before each sub-layer, rotary positions, shared heads of keys
 * and values, and a feed-forward sub-layer down(silu(gate(x)) up(x)). The papers stand at {@link LlamaConfig}. Padding
 * stands behind the text.
 */
record Llama(LlamaConfig config) implements Network {
    private static final String STACK = "decoder";

    /** What all layers of one pass have in common. */
    private record Text<T extends TFloating>(
            Operand<TInt32> shape, Operand<T> mask, Rotary<T> rotary, Scores<T> scores) {}

    @Override
    public int maxLength() {
        return config.positions();
    }

    /** After the last norm. */
    @Override
    public <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        Ops tf = net.pass().tf();
        Joint tokens = joint(-1, Site.TOKENS, config.vocabulary(), config.width());
        Embedded<T> embedded = net.embed(tokens, new Embedded<>(net.lookup(tokens, ids), mask, 0, tokens));
        Text<T> text = text(net, embedded.mask());
        Operand<T> x = tf.reshape(embedded.rows(), tf.constant(new int[] {-1, config.width()}));
        for (int layer = 0; layer < config.layers(); layer++) {
            x = feedForward(net, layer, attention(net, layer, x, text));
        }
        Operand<T> states = net.rootMeanSquareNorm(square(-1, Site.FINAL_NORM), x, config.epsilon());
        Operand<TInt32> whole =
                tf.concat(List.of(text.shape(), tf.constant(new int[] {config.width()})), tf.constant(0));
        return new Backbone.Hidden<>(tf.reshape(states, whole), embedded.mask(), embedded.before());
    }

    @Override
    public <T extends TFloating> Operand<T> vocabulary(Layers<T> net, Operand<T> rows) {
        return config.tied()
                ? net.mapToRows(joint(-1, Site.TOKENS, config.vocabulary(), config.width()), rows)
                : net.map(joint(-1, Site.HEAD, config.width(), config.vocabulary()), rows);
    }

    private <T extends TFloating> Text<T> text(Layers<T> net, Operand<T> mask) {
        Ops tf = net.pass().tf();
        Operand<TInt32> shape = tf.shape(mask);
        Operand<TInt32> length = tf.reshape(
                tf.slice(shape, tf.constant(new int[] {1}), tf.constant(new int[] {1})), tf.constant(new int[0]));
        Operand<TInt32> positions = tf.range(tf.constant(0), length, tf.constant(1));
        return new Text<>(
                shape,
                mask,
                Rotary.of(net.pass(), config.rope().frequencies(config.headWidth()), positions),
                new Scores<>(
                        1 / Math.sqrt(config.headWidth()),
                        config.heads() / config.keyValueHeads(),
                        Scores.causal(net.pass(), length)));
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
        KeyValue<T> kv = new KeyValue<>(text.rotary().turn(tf, key), value, text.mask());
        Operand<T> seen = net.attention(at, text.rotary().turn(tf, query), kv, text.scores());
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
