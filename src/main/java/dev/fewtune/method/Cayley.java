package dev.fewtune.method;

import dev.fewtune.graft.Pass;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Rotations made of skew matrices Q, many at once: (I - Q) (I + Q)^-1 (Cayley 1846). */
final class Cayley {
    private Cayley() {}

    /**
     * Exactly. TensorFlow has no gradient of an inverse Y of M, so the inverse is held, and one step of Newton from it, 2 Y
     * - Y M Y, has its value and, as dY = -Y dM Y, its derivative.
     *
     * @param skew [blocks, size, size]
     * @return [blocks, size, size]
     */
    static <T extends TFloating> Operand<T> exact(Pass<T> pass, Operand<T> skew, int size) {
        Ops tf = pass.tf();
        Operand<T> identity = identity(pass, size);
        Operand<T> sum = tf.math.add(identity, skew);
        Operand<T> held = tf.stopGradient(tf.linalg.inv(sum));
        Operand<T> step = times(pass, times(pass, held, sum), held);
        Operand<T> inverse = tf.math.sub(tf.math.add(held, held), step);
        return tf.math.sub(tf.math.add(inverse, inverse), identity);
    }

    /** I + 2 Q + 2 Q² + 2 Q³ + Q⁴, near the transpose of the exact one where Q is small: so PEFT has it by default. */
    static <T extends TFloating> Operand<T> neumann(Pass<T> pass, Operand<T> skew, int size) {
        Ops tf = pass.tf();
        Operand<T> squared = times(pass, skew, skew);
        Operand<T> twice = tf.math.add(tf.math.add(skew, squared), times(pass, squared, skew));
        Operand<T> sum = tf.math.add(identity(pass, size), tf.math.add(twice, twice));
        return tf.math.add(sum, times(pass, squared, squared));
    }

    /**
     * Turns the rows of a matrix, block by block.
     *
     * @param rotations [blocks, size, size]
     * @param w [blocks * size, out]
     */
    static <T extends TFloating> Operand<T> turned(
            Pass<T> pass, Operand<T> rotations, int size, Operand<T> w, int out) {
        Ops tf = pass.tf();
        Operand<T> blocks = tf.reshape(w, tf.constant(new int[] {-1, size, out}));
        return tf.reshape(times(pass, rotations, blocks), tf.constant(new int[] {-1, out}));
    }

    private static <T extends TFloating> Operand<T> times(Pass<T> pass, Operand<T> a, Operand<T> b) {
        return pass.tf().train.batchMatMul(a, b, pass.type());
    }

    private static <T extends TFloating> Operand<T> identity(Pass<T> pass, int size) {
        double[][] ones = new double[size][size];
        for (int i = 0; i < size; i++) {
            ones[i][i] = 1;
        }
        return pass.tf().dtypes.cast(pass.tf().constant(ones), pass.type());
    }
}
