package dev.fewtune.method;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Weights;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.Svd;
import org.tensorflow.types.TFloat64;

/**
 * The best approximation of a pretrained matrix by one of a low rank, as left times right.
 *
 * @param left [in, rank], left singular vectors by the square roots of the singular values
 * @param right [rank, out], likewise
 */
record Principal(double[] left, double[] right) {
    static Principal of(Joint at, Weights weights, int rank) {
        try (Tensor matrix = weights.tensor(at.tensor(Kind.WEIGHT), TFloat64.class, true);
                EagerSession session = EagerSession.create()) {
            Ops tf = Ops.create(session);
            Svd<TFloat64> parts = tf.linalg.svd(tf.constantOf((TFloat64) matrix), Svd.fullMatrices(false));
            double[] values = Tensors.read(parts.s().asTensor());
            return new Principal(
                    scaled(parts.u(), values, at.in(), rank, false), scaled(parts.v(), values, at.out(), rank, true));
        }
    }

    /** The first columns of [rows, values], scaled; or the same as rows. */
    private static double[] scaled(Operand<TFloat64> vectors, double[] values, int rows, int rank, boolean transposed) {
        double[] all = Tensors.read(vectors.asTensor());
        double[] kept = new double[rows * rank];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < rank; column++) {
                double value = all[row * values.length + column] * Math.sqrt(values[column]);
                kept[transposed ? column * rows + row : row * rank + column] = value;
            }
        }
        return kept;
    }
}
