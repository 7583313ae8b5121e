package dev.fewtune.train;

import dev.fewtune.backbone.Writer;
import dev.fewtune.graft.Layers;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** How likely a writer finds texts. */
final class Likelihoods {
    /** Marks a place that holds no token, as in Transformers. */
    static final int NONE = -100;

    /** How many there are of each text. */
    static final int NUMBERS = 3;

    private Likelihoods() {}

    /**
     * Sums over the tokens of each text.
     *
     * @param begins [texts, 1]
     * @param labels [texts, length], with {@link #NONE} behind the end
     * @param even whether the mean over the vocabulary is asked for, which costs a pass over all its logarithms
     * @return [texts, 3]: the logarithm of the likelihood, the number of tokens, and the mean logarithm of the whole
     *     vocabulary, or 0 where it is not asked for
     */
    static <T extends TFloating> Operand<T> of(
            Layers<T> net,
            Writer writer,
            Writer.Memory<T> memory,
            Operand<TInt32> begins,
            Operand<TInt32> labels,
            boolean even) {
        return read(net, writer, memory, begins, labels, even).sums();
    }

    /**
     * The same sums, and what they are made of.
     *
     * @param scores of the vocabulary, [texts * length, vocabulary]
     * @param states [texts, length, width]
     * @param counted [texts, length], 1 for a label
     */
    record Read<T extends TFloating>(Operand<T> sums, Operand<T> scores, Operand<T> states, Operand<T> counted) {
        Imitation.Seen<T> seen(Ops tf) {
            return new Imitation.Seen<>(scores, tf.reshape(counted, tf.constant(new int[] {-1})), states, counted);
        }
    }

    static <T extends TFloating> Read<T> read(
            Layers<T> net,
            Writer writer,
            Writer.Memory<T> memory,
            Operand<TInt32> begins,
            Operand<TInt32> labels,
            boolean even) {
        Ops tf = net.pass().tf();
        Operand<TInt32> known = tf.math.maximum(labels, tf.constant(0));
        Operand<T> states = writer.written(net, memory, shifted(tf, begins, known));
        Operand<TInt32> width = tf.constant(new int[] {-1, (int) states.shape().get(2)});
        Operand<T> scores = writer.vocabulary(net, tf.reshape(states, width));
        Operand<TInt32> flat = tf.reshape(known, tf.constant(new int[] {-1}));
        Operand<T> likely = tf.nn.logSoftmax(scores);
        Operand<T> each = tf.reshape(Losses.chosen(tf, likely, flat), tf.shape(labels));
        Operand<T> counted = tf.dtypes.cast(
                tf.math.greaterEqual(labels, tf.constant(0)), net.pass().type());
        Operand<T> count = tf.sum(counted, tf.constant(1));
        Operand<T> spread = even
                ? sum(tf, tf.reshape(tf.math.mean(likely, tf.constant(1)), tf.shape(labels)), counted)
                : tf.zerosLike(count);
        Operand<T> sums = tf.stack(List.of(sum(tf, each, counted), count, spread), Stack.axis(1L));
        return new Read<>(sums, scores, states, counted);
    }

    /** Rows of one length, filled up with {@link #NONE}. */
    static int[] padded(Iterable<int[]> rows, int count, int length) {
        int[] padded = new int[count * length];
        Arrays.fill(padded, NONE);
        int row = 0;
        for (int[] tokens : rows) {
            System.arraycopy(tokens, 0, padded, row++ * length, tokens.length);
        }
        return padded;
    }

    private static <T extends TFloating> Operand<T> sum(Ops tf, Operand<T> each, Operand<T> counted) {
        return tf.sum(tf.math.mul(each, counted), tf.constant(1));
    }

    /** What the writer has before each label. */
    private static Operand<TInt32> shifted(Ops tf, Operand<TInt32> begins, Operand<TInt32> labels) {
        Operand<TInt32> shape = tf.math.sub(tf.shape(labels), tf.constant(new int[] {0, 1}));
        Operand<TInt32> front = tf.slice(labels, tf.constant(new int[] {0, 0}), shape);
        return tf.concat(List.of(begins, front), tf.constant(1));
    }
}
