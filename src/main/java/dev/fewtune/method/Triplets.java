package dev.fewtune.method;

import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Step;
import dev.fewtune.graft.Vars;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The directions of AdaLoRA at one map: a column of A, a number of E and a row of B each. Every entry p of them has an
 * importance: with I = |p dL/dp| after a step, M the running mean of I, and U that of |I - M|, it is M U. A direction has
 * that of its number and the means over its column and its row. Where there are fewer places than directions, the numbers
 * of the least important ones become zero; until the last choice they may grow again.
 *
 * @param a [in, rank]
 * @param e [rank]
 * @param b [rank, out]
 */
record Triplets<T extends TFloating>(Joint at, int rank, Operand<T> a, Operand<T> e, Operand<T> b) {
    private static final Init START = Init.normal(0.02);

    static <T extends TFloating> Triplets<T> at(Vars<T> vars, Joint at, int rank) {
        return new Triplets<>(
                at,
                rank,
                vars.fresh(at, "adalora_a", START, at.in(), rank),
                vars.fresh(at, "adalora_e", Init.zeros(), rank),
                vars.fresh(at, "adalora_b", START, rank, at.out()));
    }

    /** [tokens, in] to [tokens, out] */
    Operand<T> of(Pass<T> pass, Operand<T> x, double scale) {
        Operand<T> numbers = pass.tf().math.mul(e, pass.number(scale));
        return pass.matMul(pass.tf().math.mul(pass.matMul(x, a), numbers), b);
    }

    /** How far A and B are from orthonormal directions. */
    List<Operand<T>> skews(Pass<T> pass) {
        Ops tf = pass.tf();
        return List.of(
                skew(pass, tf.linalg.matMul(a, a, MatMul.transposeA(true))),
                skew(pass, tf.linalg.matMul(b, b, MatMul.transposeB(true))));
    }

    /** @param forgetting share of the running means that stays at a step */
    static <T extends TFloating> List<Op> choose(
            Step<T> step, List<Triplets<T>> all, RankBudget budget, double forgetting) {
        if (all.isEmpty()) {
            return List.of();
        }
        Ops tf = step.tf();
        List<Op> done = new ArrayList<>();
        List<Operand<T>> scores = new ArrayList<>();
        all.forEach(own -> scores.add(own.scores(step, budget, forgetting, done)));
        Operand<T> highest = highestOut(tf, tf.concat(scores, tf.constant(0)), budget);
        for (int i = 0; i < all.size(); i++) {
            done.addAll(all.get(i).keep(step, scores.get(i), highest, budget));
        }
        return done;
    }

    private Operand<T> skew(Pass<T> pass, Operand<T> products) {
        Ops tf = pass.tf();
        double[][] ones = new double[rank][rank];
        for (int i = 0; i < rank; i++) {
            ones[i][i] = 1;
        }
        Operand<T> apart = tf.math.sub(products, tf.dtypes.cast(tf.constant(ones), pass.type()));
        return tf.math.sqrt(tf.sum(tf.math.square(apart), tf.constant(new int[] {0, 1})));
    }

    /** Of each direction after this step, [rank]. */
    private Operand<T> scores(Step<T> step, RankBudget budget, double forgetting, List<Op> done) {
        Ops tf = step.tf();
        Operand<T> column = importance(step, "adalora_a", new long[] {at.in(), rank}, budget, forgetting, done);
        Operand<T> number = importance(step, "adalora_e", new long[] {rank}, budget, forgetting, done);
        Operand<T> row = importance(step, "adalora_b", new long[] {rank, at.out()}, budget, forgetting, done);
        return tf.math.add(
                number, tf.math.add(tf.math.mean(column, tf.constant(0)), tf.math.mean(row, tf.constant(1))));
    }

    /** Of each entry of one variable. */
    private Operand<T> importance(
            Step<T> step, String suffix, long[] shape, RankBudget budget, double forgetting, List<Op> done) {
        Ops tf = step.tf();
        String name = at + "." + suffix;
        Operand<T> seen = tf.math.abs(tf.math.mul(step.moved(name), step.gradient(name)));
        Operand<T> mean = running(step, name + "_importance", shape, seen, budget, forgetting, done);
        Operand<T> away = tf.math.abs(tf.math.sub(seen, mean));
        return tf.math.mul(mean, running(step, name + "_uncertainty", shape, away, budget, forgetting, done));
    }

    private Operand<T> running(
            Step<T> step,
            String name,
            long[] shape,
            Operand<T> seen,
            RankBudget budget,
            double forgetting,
            List<Op> done) {
        Ops tf = step.tf();
        Step.Kept<T> mean = step.kept(name, shape);
        Operand<T> moved = tf.math.add(
                tf.math.mul(mean.before(), tf.constant(a.type(), forgetting)),
                tf.math.mul(seen, tf.constant(a.type(), 1 - forgetting)));
        Operand<T> after = tf.select(budget.learns(), moved, mean.before());
        done.add(mean.set(after));
        return after;
    }

    /** The highest score of a direction that is out; below all where none is. */
    private static <T extends TFloating> Operand<T> highestOut(Ops tf, Operand<T> scores, RankBudget budget) {
        int count = Math.toIntExact(scores.shape().size());
        Operand<T> falling = tf.nn.topK(tf.math.neg(scores), tf.constant(count), new TopK.Options[0])
                .values();
        Operand<TInt32> out = tf.math.sub(tf.constant(count), budget.places());
        Operand<TInt32> last = tf.math.maximum(tf.math.sub(out, tf.constant(1)), tf.constant(0));
        Operand<T> highest = tf.math.neg(tf.gather(falling, last, tf.constant(0), new Gather.Options[0]));
        return tf.select(tf.math.greater(out, tf.constant(0)), highest, tf.constant(scores.type(), -1.0));
    }

    private List<Op> keep(Step<T> step, Operand<T> scores, Operand<T> highest, RankBudget budget) {
        Ops tf = step.tf();
        String name = at + ".adalora_e";
        Step.Kept<T> out = step.kept(name + "_out", rank);
        Operand<T> chosen = tf.dtypes.cast(tf.math.lessEqual(scores, highest), a.type());
        Operand<T> now = tf.select(budget.chooses(), chosen, out.before());
        Operand<T> none = tf.zerosLike(now);
        Operand<T> taken = tf.select(tf.math.logicalOr(budget.chooses(), budget.settled()), now, none);
        Operand<T> left = tf.math.mul(step.moved(name), tf.math.sub(tf.onesLike(taken), taken));
        return List.of(out.set(now), step.set(name, left));
    }
}
