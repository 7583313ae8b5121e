package dev.fewtune.train;

import dev.fewtune.graft.Pass;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The classes of several tasks stand side by side, and each example sees those of its own task only. */
final class Members {
    /** Added to the score of a class of another task. */
    private static final double FOREIGN = -1e9;

    private Members() {}

    /**
     * @param scores [batch, classes of all tasks]
     * @param tasks [batch]
     */
    static <T extends TFloating> Operand<T> own(
            Pass<T> pass, Operand<T> scores, Operand<TInt32> tasks, List<Beside.Member> members) {
        if (members.size() < 2) {
            return scores;
        }
        Ops tf = pass.tf();
        int classes = members.stream().mapToInt(Beside.Member::outputs).sum();
        List<Operand<T>> rows = new ArrayList<>();
        int first = 0;
        for (Beside.Member member : members) {
            double[] row = new double[classes];
            java.util.Arrays.fill(row, FOREIGN);
            java.util.Arrays.fill(row, first, first + member.outputs(), 0);
            rows.add(tf.dtypes.cast(tf.constant(row), pass.type()));
            first += member.outputs();
        }
        Operand<T> foreign = tf.gather(tf.stack(rows), tasks, tf.constant(0), new Gather.Options[0]);
        return tf.math.add(scores, foreign);
    }
}
