package dev.fewtune.backbone;

import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Weights;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.internal.c_api.Deallocator_Pointer_long_Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Float32 weights in a mapped file, held for the life of the process: all sessions share its pages. The way into
 * TensorFlow is a package-private method, reached by reflection because the library may live in another class loader;
 * without it the weights are copied.
 */
final class MappedWeights implements Weights {
    private static final Method FROM_HANDLE = fromHandle();
    private static final Deallocator_Pointer_long_Pointer KEEP = new Keep();

    /** Sessions read the mapped memory behind Java's back: a collected mapping would crash the process. */
    private static final Queue<Safetensors> HELD = new ConcurrentLinkedQueue<>();

    private final Safetensors file;

    MappedWeights(Safetensors file) {
        this.file = file;
        HELD.add(file);
    }

    @Override
    public long[] shape(String name) {
        return file.shape(name);
    }

    @Override
    public double[] row(String name, int row) {
        int width = Math.toIntExact(shape(name)[1]);
        FloatBuffer floats = file.bytes(name).asFloatBuffer();
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = floats.get(row * width + i);
        }
        return values;
    }

    @Override
    public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
        if (shared && type == TFloat32.class && FROM_HANDLE != null) {
            return mapped(name);
        }
        FloatBuffer floats = file.bytes(name).asFloatBuffer();
        double[] values = new double[floats.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats.get(i);
        }
        return Tensors.of(type, shape(name), values);
    }

    private Tensor mapped(String name) {
        ByteBuffer bytes = file.bytes(name);
        long[] shape = shape(name);
        Pointer data = new BytePointer(bytes);
        TF_Tensor handle =
                tensorflow.TF_NewTensor(tensorflow.TF_FLOAT, shape, shape.length, data, bytes.remaining(), KEEP, null);
        try {
            return (Tensor) FROM_HANDLE.invoke(null, handle);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("TensorFlow took no mapped tensor.", e);
        }
    }

    private static Method fromHandle() {
        try {
            Method method = RawTensor.class.getDeclaredMethod("fromHandle", TF_Tensor.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** The memory belongs to the mapping, so there is nothing to free. */
    private static final class Keep extends Deallocator_Pointer_long_Pointer {
        @Override
        public void call(Pointer data, long length, Pointer argument) {}
    }
}
