package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Vocabulary;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Words that are hidden anywhere in a text are found again. The texts to be written are as long as those that are read,
 * with {@link Likelihoods#NONE} where nothing is asked. Outputs are, for each text, the logarithm of the likelihood of
 * its hidden words and their number.
 */
final class Restoration<T extends TFloating> implements Objective<T> {
    private final Base<T> base;
    private final Vocabulary filler;
    private final Operand<TInt32> places;
    private final Operand<TInt32> rows;
    private final Operand<TInt32> words;

    Restoration(Pass<T> pass, Base<T> base, Vocabulary filler) {
        Ops tf = pass.tf();
        this.base = base;
        this.filler = filler;
        this.places = tf.placeholder(TInt32.class, Inputs.open(1));
        this.rows = tf.placeholder(TInt32.class, Inputs.open(1));
        this.words = tf.placeholder(TInt32.class, Inputs.open(1));
    }

    @Override
    public Forward<T> forward(Pass<T> pass) {
        Ops tf = pass.tf();
        Layers<T> net = base.layers(pass);
        Inputs<T> text = base.inputs();
        Backbone.Hidden<T> hidden = base.backbone().hidden(net, text.ids(), text.types(), text.mask());
        int width = base.backbone().spec().hidden();
        Operand<T> flat = tf.reshape(hidden.states(), tf.constant(new int[] {-1, width}));
        Operand<T> asked = tf.gather(flat, places, tf.constant(0), new org.tensorflow.op.core.Gather.Options[0]);
        Operand<T> likely = Losses.chosen(tf, tf.nn.logSoftmax(filler.vocabulary(net, asked)), words);
        Operand<T> both = tf.stack(List.of(likely, tf.fill(tf.shape(rows), pass.number(1))), Stack.axis(1L));
        return new Forward<>(tf.linalg.matMul(belongs(pass), both, MatMul.transposeA(true)), hidden.before());
    }

    @Override
    public Operand<T> loss(Pass<T> pass, Forward<T> forward) {
        Ops tf = pass.tf();
        List<Output<T>> sums = tf.split(tf.constant(0), tf.sum(forward.outputs(), tf.constant(0)), 2L)
                .output();
        return tf.math.neg(tf.reshape(tf.math.div(sums.get(0), sums.get(1)), tf.constant(new int[0])));
    }

    @Override
    public void feed(Session.Runner runner, Batch batch, Tensors open) {
        base.inputs().feed(runner, batch, open);
        IntStream.Builder place = IntStream.builder();
        IntStream.Builder row = IntStream.builder();
        IntStream.Builder word = IntStream.builder();
        for (int i = 0; i < batch.written().size(); i++) {
            int[] text = batch.written().get(i);
            for (int at = 0; at < text.length; at++) {
                if (text[at] != Likelihoods.NONE) {
                    place.add(i * batch.width() + at);
                    row.add(i);
                    word.add(text[at]);
                }
            }
        }
        feed(runner, places, place, open);
        feed(runner, rows, row, open);
        feed(runner, words, word, open);
    }

    /** They are fed already: the outputs are made of them. */
    @Override
    public void feedTargets(Session.Runner runner, Batch batch, Tensors open) {}

    @Override
    public double loss(double[][] outputs, double[] targets) {
        double loss = 0;
        double words = 0;
        for (double[] text : outputs) {
            loss -= text[0];
            words += text[1];
        }
        return loss / words;
    }

    /** 1 where a hidden word stands in a text, [words, texts]. */
    private Operand<T> belongs(Pass<T> pass) {
        Ops tf = pass.tf();
        Operand<TInt32> texts = tf.squeeze(
                tf.slice(tf.shape(base.inputs().ids()), tf.constant(new int[] {0}), tf.constant(new int[] {1})));
        return tf.oneHot(rows, texts, pass.number(1), pass.number(0));
    }

    private static void feed(Session.Runner runner, Operand<TInt32> to, IntStream.Builder numbers, Tensors open) {
        int[] all = numbers.build().toArray();
        runner.feed(to, open.add(Inputs.ints(Shape.of(all.length), all)));
    }
}
