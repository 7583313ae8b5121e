package dev.fewtune.backbone;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Ladder;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Scores;
import dev.fewtune.graft.Site;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The encoder of BERT, RoBERTa and DistilBERT without its pooler: norms after the residual sums, learned absolute
 * positions. The papers stand at {@link BertConfig}.
 */
record Bert(BertConfig config) implements Network {
    private static final String STACK = "encoder";
    private static final String HEAD = "mlm";

    /** Number of weights: tables, embedding norm, and per layer four square maps, two wide ones and two norms. */
    long parameters() {
        long d = config.width();
        long inner = config.inner();
        long tables = (config.vocabulary() + config.positions() + config.types()) * d + 2 * d;
        long layer = 4 * (d * d + d) + (d * inner + inner) + (inner * d + d) + 4 * d;
        return tables + config.layers() * layer;
    }

    @Override
    public int maxLength() {
        return config.positions() - config.firstPosition();
    }

    @Override
    public <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> segments, Operand<T> mask) {
        Ops tf = net.pass().tf();
        Joint tokens = joint(-1, Site.TOKENS, config.vocabulary(), config.width());
        Embedded<T> embedded = net.embed(tokens, new Embedded<>(net.lookup(tokens, ids), mask, 0, tokens));
        Operand<TInt32> shape = tf.shape(embedded.mask());
        Operand<T> places = embedded.before() == 0 ? places(net, shape) : counted(net, embedded.mask());
        Operand<T> sum = tf.math.add(embedded.rows(), places);
        if (config.types() > 0) {
            sum = tf.math.add(sum, segments(net, segments, embedded.before()));
        }
        Operand<T> x = net.dropout(net.norm(square(-1, Site.EMBEDDING_NORM), sum, config.epsilon()));
        x = tf.reshape(x, ints(tf, -1, config.width()));
        Layers<T> text = net.over(embedded.mask());
        text.begin(ladder(text, x, embedded.mask(), shape));
        for (int layer = 0; layer < config.layers(); layer++) {
            x = text.tap(square(layer, Site.LAYER), layer(text, layer, x, embedded.mask(), shape));
        }
        Operand<TInt32> whole = tf.concat(List.of(shape, ints(tf, config.width())), tf.constant(0));
        Operand<T> states = text.finish(square(-1, Site.STATES), tf.reshape(x, whole));
        return new Backbone.Hidden<>(states, embedded.mask(), embedded.before());
    }

    /** By the masked-language head. */
    @Override
    public <T extends TFloating> Operand<T> vocabulary(Layers<T> net, Operand<T> rows) {
        Joint transform = new Joint(HEAD, -1, Site.TRANSFORM, config.width(), config.width());
        Joint norm = new Joint(HEAD, -1, Site.TRANSFORM_NORM, config.width(), config.width());
        Operand<T> curved = config.activation().of(net.pass(), net.linear(transform, rows));
        Operand<T> turned = net.norm(norm, curved, config.epsilon());
        Operand<T> products = net.mapToRows(joint(-1, Site.TOKENS, config.vocabulary(), config.width()), turned);
        return net.pass()
                .tf()
                .math
                .add(products, net.bias(new Joint(HEAD, -1, Site.HEAD, config.width(), config.vocabulary())));
    }

    /** [length, width]; the same for each example, because padding stands behind. */
    private <T extends TFloating> Operand<T> places(Layers<T> net, Operand<TInt32> shape) {
        Ops tf = net.pass().tf();
        Operand<TInt32> length = tf.slice(shape, ints(tf, 1), ints(tf, 1));
        return tf.slice(
                net.table(joint(-1, Site.POSITIONS, config.positions(), config.width())),
                ints(tf, config.firstPosition(), 0),
                tf.concat(List.of(length, ints(tf, config.width())), tf.constant(0)));
    }

    /** The same with rows of a method before the text, which take places only where they may be seen. */
    private <T extends TFloating> Operand<T> counted(Layers<T> net, Operand<T> mask) {
        Ops tf = net.pass().tf();
        Operand<TInt32> seen = tf.dtypes.cast(tf.max(mask, tf.constant(0)), TInt32.class);
        Operand<TInt32> numbers =
                tf.math.sub(tf.math.cumsum(seen, tf.constant(0)), tf.constant(1 - config.firstPosition()));
        return net.lookup(
                joint(-1, Site.POSITIONS, config.positions(), config.width()),
                tf.math.maximum(numbers, tf.constant(config.firstPosition())));
    }

    private <T extends TFloating> Operand<T> segments(Layers<T> net, Operand<TInt32> segments, int before) {
        Ops tf = net.pass().tf();
        Operand<TInt32> known = config.types() == 1 ? tf.zerosLike(segments) : segments;
        Operand<TInt32> all = tf.pad(known, tf.constant(new int[][] {{0, 0}, {before, 0}}), tf.constant(0));
        return net.lookup(joint(-1, Site.TYPES, config.types(), config.width()), all);
    }

    private <T extends TFloating> Ladder<T> ladder(
            Layers<T> net, Operand<T> in, Operand<T> mask, Operand<TInt32> shape) {
        return new Ladder<>(square(-1, Site.LAYER), config.layers(), in, null, (divisor, source, read) -> {
            Bert small = new Bert(config.narrowed(divisor));
            Layers<T> beside = net.beside(source);
            return new Ladder.Narrow<>(
                    small.config.width(), layer -> x -> small.layer(beside, layer, x, mask, shape), x -> x);
        });
    }

    private <T extends TFloating> Operand<T> layer(
            Layers<T> net, int layer, Operand<T> x, Operand<T> mask, Operand<TInt32> shape) {
        return feedForward(net, layer, attention(net, layer, x, mask, shape));
    }

    private <T extends TFloating> Operand<T> attention(
            Layers<T> net, int layer, Operand<T> x, Operand<T> mask, Operand<TInt32> shape) {
        Ops tf = net.pass().tf();
        Heads heads = new Heads(config.heads(), config.width() / config.heads());
        Operand<T> query = heads.split(tf, net.linear(square(layer, Site.QUERY), x), shape);
        Operand<T> key = heads.split(tf, net.linear(square(layer, Site.KEY), x), shape);
        Operand<T> value = heads.split(tf, net.linear(square(layer, Site.VALUE), x), shape);
        Joint at = square(layer, Site.ATTENTION);
        Scores<T> scores = new Scores<>(1 / Math.sqrt(heads.width()), 1, null);
        Operand<T> seen = heads.merge(tf, net.attention(at, x, query, new KeyValue<>(key, value, mask), scores));
        Operand<T> out = net.dropout(net.linear(square(layer, Site.ATTENTION_OUTPUT), seen));
        Operand<T> sum = tf.math.add(x, net.block(at, x, out));
        return net.norm(square(layer, Site.ATTENTION_NORM), sum, config.epsilon());
    }

    private <T extends TFloating> Operand<T> feedForward(Layers<T> net, int layer, Operand<T> x) {
        Operand<T> wide = net.linear(joint(layer, Site.INTERMEDIATE, config.width(), config.inner()), x);
        Operand<T> curved = config.activation().of(net.pass(), wide);
        Operand<T> out = net.dropout(net.linear(joint(layer, Site.OUTPUT, config.inner(), config.width()), curved));
        Operand<T> changed = net.block(square(layer, Site.FEED_FORWARD), x, out);
        Operand<T> sum = net.pass().tf().math.add(x, changed);
        return net.norm(square(layer, Site.OUTPUT_NORM), sum, config.epsilon());
    }

    private Joint square(int layer, Site site) {
        return joint(layer, site, config.width(), config.width());
    }

    private static Joint joint(int layer, Site site, int in, int out) {
        return new Joint(STACK, layer, site, in, out);
    }

    private static Operand<TInt32> ints(Ops tf, int... values) {
        return tf.constant(values);
    }
}
