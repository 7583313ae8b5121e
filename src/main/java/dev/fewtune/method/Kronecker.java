package dev.fewtune.method;

import dev.fewtune.graft.Pass;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Products with A ⊗ B that never write it out. */
final class Kronecker {
    private Kronecker() {}

    /**
     * x (A ⊗ B), where entry (i p + k, j q + l) of A ⊗ B is A[i, j] B[k, l] for B [p, q]: with X the rows of x as matrices,
     * A^T X B.
     *
     * @param x [tokens, in.first * in.second]
     * @param a [in.first, out.first]
     * @param b [in.second, out.second]
     * @return [tokens, out.first * out.second]
     */
    static <T extends TFloating> Operand<T> times(
            Pass<T> pass, Operand<T> x, Operand<T> a, Operand<T> b, Factors in, Factors out) {
        Ops tf = pass.tf();
        Operand<T> right = tf.linalg.matMul(shaped(tf, x, -1, in.second()), b);
        Operand<T> turned = turned(tf, shaped(tf, right, -1, in.first(), out.second()));
        Operand<T> both = tf.linalg.matMul(shaped(tf, turned, -1, in.first()), a);
        Operand<T> back = turned(tf, shaped(tf, both, -1, out.second(), out.first()));
        return shaped(tf, back, -1, out.first() * out.second());
    }

    private static <T extends TFloating> Operand<T> shaped(Ops tf, Operand<T> x, int... shape) {
        return tf.reshape(x, tf.constant(shape));
    }

    private static <T extends TFloating> Operand<T> turned(Ops tf, Operand<T> x) {
        return tf.linalg.transpose(x, tf.constant(new int[] {0, 2, 1}));
    }
}
