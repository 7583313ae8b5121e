package dev.fewtune.graft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Tensors that are closed together, and the way between them and arrays. */
public final class Tensors implements AutoCloseable {
    private final List<Tensor> open = new ArrayList<>();

    public <V extends Tensor> V add(V tensor) {
        open.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        open.forEach(Tensor::close);
        open.clear();
    }

    /** A tensor of its own memory; row-major values. */
    public static Tensor of(Class<? extends TFloating> type, long[] shape, double[] values) {
        if (type == TFloat64.class) {
            return TFloat64.tensorOf(Shape.of(shape), DataBuffers.of(values, false, false));
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(floats, false, false));
    }

    /** A single number. */
    public static Tensor of(Class<? extends TFloating> type, double value) {
        return of(type, new long[0], new double[] {value});
    }

    /** The values of a float32 or float64 tensor in row-major order. */
    public static double[] read(Tensor tensor) {
        int size = Math.toIntExact(tensor.shape().size());
        double[] values = new double[size];
        if (tensor instanceof TFloat64) {
            tensor.asRawTensor().data().asDoubles().read(values);
            return values;
        }
        float[] floats = new float[size];
        tensor.asRawTensor().data().asFloats().read(floats);
        for (int i = 0; i < size; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    /** TensorFlow takes a tensor of the wrong shape without a word, so it is checked here. */
    public static void requireShape(String name, long[] expected, Tensor tensor) {
        if (!Arrays.equals(expected, tensor.shape().asArray())) {
            throw new IllegalArgumentException("%s has shape %s and not %s."
                    .formatted(name, Arrays.toString(tensor.shape().asArray()), Arrays.toString(expected)));
        }
    }
}
