package dev.fewtune.backbone;

import dev.fewtune.graft.Weights;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.internal.c_api.Deallocator_Pointer_long_Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Weights in a mapped file, held for the life of the process: all sessions share its pages. The way into TensorFlow is a
 * package-private method, reached by reflection because the library may live in another class loader; without it, or
 * where another number type is asked for than the file has, the weights are copied.
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
        NumberType type = file.numberType(name);
        ByteBuffer bytes = file.bytes(name);
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = type.get(bytes, row * width + i);
        }
        return values;
    }

    @Override
    public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
        NumberType asked = numberType(type);
        if (shared && FROM_HANDLE != null && asked == file.numberType(name) && asked != NumberType.F64) {
            return mapped(name, asked);
        }
        return Tensor.of(type, Shape.of(shape(name)), DataBuffers.of(copied(name, asked)));
    }

    /** TensorFlow's own way from float32 to bfloat16 cuts instead of rounding, so bytes are made here. */
    private byte[] copied(String name, NumberType asked) {
        NumberType stored = file.numberType(name);
        ByteBuffer bytes = file.bytes(name);
        int size = bytes.remaining() / stored.size();
        ByteBuffer copy = ByteBuffer.allocate(size * asked.size()).order(ByteOrder.LITTLE_ENDIAN);
        if (asked == stored) {
            return copy.put(bytes).array();
        }
        for (int i = 0; i < size; i++) {
            asked.put(copy, i, stored.get(bytes, i));
        }
        return copy.array();
    }

    private Tensor mapped(String name, NumberType stored) {
        int number = stored == NumberType.F32 ? tensorflow.TF_FLOAT : tensorflow.TF_BFLOAT16;
        ByteBuffer bytes = file.bytes(name);
        long[] shape = shape(name);
        Pointer data = new BytePointer(bytes);
        TF_Tensor handle = tensorflow.TF_NewTensor(number, shape, shape.length, data, bytes.remaining(), KEEP, null);
        try {
            return (Tensor) FROM_HANDLE.invoke(null, handle);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("TensorFlow took no mapped tensor.", e);
        }
    }

    private static NumberType numberType(Class<? extends TFloating> type) {
        if (type == TFloat64.class) {
            return NumberType.F64;
        }
        return type == TBfloat16.class ? NumberType.BF16 : NumberType.F32;
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
