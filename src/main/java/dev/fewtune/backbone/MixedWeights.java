package dev.fewtune.backbone;

import dev.fewtune.graft.Weights;
import org.tensorflow.Tensor;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.family.TFloating;

/** The same weights in two files; each is asked for the numbers that it has without rounding. */
record MixedWeights(Weights wide, Weights narrow) implements Weights {
    @Override
    public long[] shape(String name) {
        return wide.shape(name);
    }

    @Override
    public double[] row(String name, int row) {
        return wide.row(name, row);
    }

    @Override
    public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
        return (type == TBfloat16.class ? narrow : wide).tensor(name, type, shared);
    }
}
