package dev.fewtune.train;

import dev.fewtune.graft.Pass;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * How far a student is from its teacher (MPT, arXiv 2303.02861, section 3.2): the divergence KL(teacher || student) of what
 * they predict, a mean over predictions, and the mean squared difference of their last states at what is read or written.
 * The teacher gets no gradient.
 */
final class Imitation {
    private Imitation() {}

    /**
     * What is compared.
     *
     * @param logits [predictions, numbers]
     * @param counted [predictions], 1 for one that counts
     * @param states [batch, length, width], of the text's own rows
     * @param mask [batch, length], 1 for a row that counts
     */
    record Seen<T extends TFloating>(Operand<T> logits, Operand<T> counted, Operand<T> states, Operand<T> mask) {}

    /** Every prediction counts; one for each row. */
    static <T extends TFloating> Operand<T> all(Pass<T> pass, Operand<T> rows) {
        Ops tf = pass.tf();
        return tf.fill(
                tf.slice(tf.shape(rows), tf.constant(new int[] {0}), tf.constant(new int[] {1})), pass.number(1));
    }

    /** A scalar; 0 where both say the same. */
    static <T extends TFloating> Operand<T> loss(Pass<T> pass, Seen<T> student, Seen<T> teacher, double temperature) {
        Ops tf = pass.tf();
        return tf.math.add(divergence(pass, student, teacher, temperature), distance(pass, student, teacher));
    }

    private static <T extends TFloating> Operand<T> divergence(
            Pass<T> pass, Seen<T> student, Seen<T> teacher, double temperature) {
        Ops tf = pass.tf();
        Operand<T> scale = pass.number(1 / temperature);
        Operand<T> taught = tf.stopGradient(tf.nn.logSoftmax(tf.math.mul(teacher.logits(), scale)));
        Operand<T> said = tf.nn.logSoftmax(tf.math.mul(student.logits(), scale));
        Operand<T> each = tf.sum(tf.math.mul(tf.math.exp(taught), tf.math.sub(taught, said)), tf.constant(1));
        return mean(tf, each, student.counted());
    }

    private static <T extends TFloating> Operand<T> distance(Pass<T> pass, Seen<T> student, Seen<T> teacher) {
        Ops tf = pass.tf();
        Operand<T> difference = tf.math.sub(student.states(), tf.stopGradient(teacher.states()));
        Operand<T> each = tf.math.mean(tf.math.square(difference), tf.constant(2));
        return mean(
                tf, tf.reshape(each, tf.constant(new int[] {-1})), tf.reshape(student.mask(), tf.constant(new int[] {-1
                })));
    }

    private static <T extends TFloating> Operand<T> mean(Ops tf, Operand<T> each, Operand<T> counted) {
        Operand<T> sum = tf.sum(tf.math.mul(each, counted), tf.constant(0));
        return tf.math.div(sum, tf.sum(counted, tf.constant(0)));
    }
}
