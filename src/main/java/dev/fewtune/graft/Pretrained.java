package dev.fewtune.graft;

import org.tensorflow.Tensor;

/** The tensors of a pretrained model by the names that joints give them. */
public interface Pretrained {
    /** @throws IllegalArgumentException where there is no such tensor */
    long[] shape(String name);

    /** The numbers in row-major order, as a copy. */
    double[] values(String name);

    /** A float32 tensor that may share memory with the file; the caller closes it, the memory stays. */
    Tensor tensor(String name);
}
