package dev.fewtune.graft;

import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Pretrained tensors by name, such as {@code encoder.3.query.weight}. Matrices are [in, out]. */
public interface Weights {
    /** @throws IllegalArgumentException where there is no such tensor */
    long[] shape(String name);

    /**
     * The numbers of the tokens of a text, as the model reads it.
     *
     * @param special whether the tokens that stand around every text are among them
     * @throws IllegalArgumentException where there is no tokenizer
     */
    default int[] tokens(String text, boolean special) {
        throw new IllegalArgumentException("These weights come without a tokenizer.");
    }

    /** One row of a table. */
    double[] row(String name, int row);

    /**
     * A tensor that the caller closes.
     *
     * @param shared whether its memory may be that of the weight file, which nobody may write
     */
    Tensor tensor(String name, Class<? extends TFloating> type, boolean shared);

    /** All values of a tensor in row-major order. */
    default double[] values(String name) {
        try (Tensor tensor = tensor(name, TFloat64.class, true)) {
            return Tensors.read(tensor);
        }
    }
}
