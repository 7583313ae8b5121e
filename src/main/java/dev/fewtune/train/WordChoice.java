package dev.fewtune.train;

import dev.fewtune.backbone.Writer;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The class whose word a writer finds likeliest after the text. The score of a class is the logarithm of the likelihood of
 * its word's tokens, and learning is by the cross entropy of the scores: for words of one token, that of a masked-language
 * head (Schick, Schütze, arXiv 2001.07676, section 3).
 */
final class WordChoice<T extends TFloating> implements Objective<T> {
    private final Base<T> base;
    private final Openings<T> openings;
    private final Aim aim;
    private final double smoothing;
    private final Operand<TInt32> classes;
    private final List<Beside.Member> members;

    WordChoice(Pass<T> pass, Base<T> base, Writer writer, Model.Task task) {
        this.base = base;
        this.openings = Openings.in(pass.tf(), base.inputs(), writer);
        this.aim = task.aim();
        this.smoothing = task.smoothing();
        this.classes = pass.tf().placeholder(TInt32.class, Inputs.open(1));
        this.members = task.members();
    }

    /** Each text is read once and continued by every word. */
    @Override
    public Forward<T> forward(Pass<T> pass) {
        Ops tf = pass.tf();
        Layers<T> net = base.layers(pass);
        Writer.Memory<T> memory = openings.read(net);
        Operand<TInt32> each = each(tf);
        Operand<T> sums = Likelihoods.of(
                net,
                openings.writer(),
                repeated(tf, memory, each),
                take(tf, openings.begins(), each),
                labels(tf, each),
                false);
        Operand<T> likely = tf.slice(sums, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, 1}));
        Operand<TInt32> shape = tf.constant(new int[] {-1, aim.words().size()});
        Operand<T> scores =
                Members.own(pass, tf.reshape(likely, shape), base.inputs().tasks(), members);
        return new Forward<>(scores, memory.before());
    }

    @Override
    public Operand<T> loss(Pass<T> pass, Forward<T> forward) {
        return Losses.crossEntropy(pass, forward.outputs(), classes, smoothing);
    }

    @Override
    public void feed(Session.Runner runner, Batch batch, Tensors open) {
        openings.feed(runner, batch, open);
    }

    @Override
    public void feedTargets(Session.Runner runner, Batch batch, Tensors open) {
        Losses.feedClasses(runner, classes, batch, open);
    }

    @Override
    public String reads() {
        return openings.reads();
    }

    @Override
    public double loss(double[][] outputs, double[] targets) {
        return Outputs.loss(outputs, targets, false);
    }

    /** The text of each pair of a text and a word, all words of a text one after the other. */
    private Operand<TInt32> each(Ops tf) {
        Operand<TInt32> texts =
                tf.slice(tf.shape(openings.begins()), tf.constant(new int[1]), tf.constant(new int[] {1}));
        Operand<TInt32> count = tf.reshape(texts, tf.constant(new int[0]));
        Operand<TInt32> places = tf.range(tf.constant(0), count, tf.constant(1));
        Operand<TInt32> square = tf.tile(
                tf.expandDims(places, tf.constant(1)),
                tf.constant(new int[] {1, aim.words().size()}));
        return tf.reshape(square, tf.constant(new int[] {-1}));
    }

    private Operand<TInt32> labels(Ops tf, Operand<TInt32> each) {
        List<int[]> words = aim.words().stream()
                .map(word -> word.stream().mapToInt(Integer::intValue).toArray())
                .toList();
        int longest = words.stream().mapToInt(word -> word.length).max().orElseThrow();
        Operand<TInt32> table = tf.reshape(
                tf.constant(Likelihoods.padded(words, words.size(), longest)),
                tf.constant(new int[] {words.size(), longest}));
        Operand<TInt32> first = tf.range(tf.constant(0), tf.size(each), tf.constant(1));
        return take(tf, table, tf.math.mod(first, tf.constant(words.size())));
    }

    private static <T extends TFloating> Writer.Memory<T> repeated(
            Ops tf, Writer.Memory<T> memory, Operand<TInt32> each) {
        List<Operand<T>> keys = new ArrayList<>();
        List<Operand<T>> values = new ArrayList<>();
        memory.keys().forEach(key -> keys.add(take(tf, key, each)));
        memory.values().forEach(value -> values.add(take(tf, value, each)));
        return new Writer.Memory<>(keys, values, take(tf, memory.mask(), each), memory.before());
    }

    private static <V extends org.tensorflow.types.family.TNumber> Operand<V> take(
            Ops tf, Operand<V> rows, Operand<TInt32> places) {
        return tf.gather(rows, places, tf.constant(0), new Gather.Options[0]);
    }
}
