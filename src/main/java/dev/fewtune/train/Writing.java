package dev.fewtune.train;

import dev.fewtune.backbone.Writer;
import dev.fewtune.graft.Layers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The graph in which texts are written. One part reads the texts once, one adds a token to each, and one moves what is kept
 * from row to row and makes room for more. What is kept goes out and comes in again as tensors.
 */
final class Writing<T extends TFloating> {
    private final Class<T> type;
    private final Openings<T> openings;
    private final Aim aim;
    private final Part<T> memory;
    private final Part<T> past;
    private final Operand<TInt32> count;
    private final Operand<TInt32> token;
    private final Operand<TInt32> parents;
    private final Operand<TInt32> room;
    private final Operand<T> logarithms;
    private final Operand<TInt32> tokens;

    /**
     * Tensors that are kept from token to token.
     *
     * @param fed places through which they come in
     * @param made how they come out
     * @param moved how they come out in other rows
     */
    record Part<T extends TFloating>(List<Operand<T>> fed, List<Operand<T>> made, List<Operand<T>> moved) {}

    Writing(Layers<T> net, Openings<T> openings, Aim aim) {
        this.type = net.pass().type();
        this.openings = openings;
        this.aim = aim;
        Ops tf = net.pass().tf();
        Writer writer = openings.writer();
        Writer.Shape shape = writer.shape();
        int layers = shape.layers();
        this.count = tf.placeholder(TInt32.class, Inputs.open(0));
        this.token = tf.placeholder(TInt32.class, Inputs.open(2));
        this.parents = tf.placeholder(TInt32.class, Inputs.open(1));
        this.room = tf.placeholder(TInt32.class, Inputs.open(0));
        List<Operand<T>> remembered = places(tf, shape);
        Operand<T> mask = tf.placeholder(type, Inputs.open(2));
        List<Operand<T>> before = places(tf, shape);
        Writer.Memory<T> read = openings.read(net);
        Writer.Next<T> next = writer.next(
                net,
                new Writer.Memory<>(remembered.subList(0, layers), remembered.subList(layers, 2 * layers), mask, 0),
                new Writer.Past<>(before.subList(0, layers), before.subList(layers, 2 * layers), count),
                token);
        this.memory = part(
                tf, append(remembered, mask), append(all(read.keys(), read.values()), tf.identity(read.mask())), false);
        this.past = part(tf, before, all(next.past().keys(), next.past().values()), true);
        Operand<T> likely = tf.nn.logSoftmax(writer.vocabulary(net, next.states()));
        TopK<T, TInt32> best = tf.nn.topK(
                likely, tf.constant(Search.candidates(aim, writer.marks().ends())), TInt32.class);
        this.logarithms = best.values();
        this.tokens = best.indices();
    }

    Class<T> type() {
        return type;
    }

    Openings<T> openings() {
        return openings;
    }

    Search search() {
        return Search.of(aim, openings.writer().marks().ends());
    }

    int candidates() {
        return Search.candidates(aim, openings.writer().marks().ends());
    }

    /** Of what has been read. */
    Part<T> memory() {
        return memory;
    }

    /** Of what has been written. */
    Part<T> past() {
        return past;
    }

    /** How many tokens of each text have been put in before this one, a scalar. */
    Operand<TInt32> count() {
        return count;
    }

    /** The token that is put in, [rows, 1]. */
    Operand<TInt32> token() {
        return token;
    }

    /** For each row of what is moved, the row that it comes from. */
    Operand<TInt32> parents() {
        return parents;
    }

    /** How many slots the past gets, when it is moved, beside those it has; a scalar. */
    Operand<TInt32> room() {
        return room;
    }

    /** [rows, candidates], the likeliest first. */
    Operand<T> logarithms() {
        return logarithms;
    }

    /** Like {@link #logarithms}: which tokens they belong to. */
    Operand<TInt32> tokens() {
        return tokens;
    }

    private Part<T> part(Ops tf, List<Operand<T>> fed, List<Operand<T>> made, boolean grows) {
        return new Part<>(
                fed, made, fed.stream().map(tensor -> moved(tf, tensor, grows)).toList());
    }

    private Operand<T> moved(Ops tf, Operand<T> tensor, boolean grows) {
        Operand<T> rows = tf.gather(tensor, parents, tf.constant(0), new Gather.Options[0]);
        if (!grows) {
            return rows;
        }
        Operand<TInt32> none = tf.constant(new int[5]);
        Operand<TInt32> more = tf.reshape(room, tf.constant(new int[] {1}));
        Operand<TInt32> flat = tf.concat(List.of(none, more, tf.constant(new int[2])), tf.constant(0));
        return tf.pad(rows, tf.reshape(flat, tf.constant(new int[] {4, 2})), tf.dtypes.cast(tf.constant(0), type));
    }

    /** For keys and values of all layers; a method may ask for heads and width, which are known. */
    private List<Operand<T>> places(Ops tf, Writer.Shape shape) {
        List<Operand<T>> places = new ArrayList<>();
        for (int i = 0; i < 2 * shape.layers(); i++) {
            places.add(tf.placeholder(type, Placeholder.shape(Shape.of(-1, shape.heads(), -1, shape.width()))));
        }
        return places;
    }

    private static <V> List<V> all(List<V> first, List<V> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static <V> List<V> append(List<V> list, V last) {
        return all(list, List.of(last));
    }
}
