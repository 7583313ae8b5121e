package dev.fewtune.backbone;

import dev.fewtune.graft.Pretrained;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * Pretrained tensors in a memory-mapped file. TensorFlow uses 64-byte-aligned ones in place, so that every session of
 * the process shares the page cache. Never closed: the mappings live as long as this object.
 */
public final class MappedWeights implements Pretrained {
    private final Path file;
    private final Map<String, Safetensors.Slice> slices;

    /** @throws IOException where the file is not safetensors of float32 */
    public MappedWeights(Path file) throws IOException {
        this.file = file;
        this.slices = Safetensors.map(file);
    }

    @Override
    public long[] shape(String name) {
        return slice(name).shape().clone();
    }

    @Override
    public double[] values(String name) {
        FloatBuffer floats = floats(name);
        double[] values = new double[floats.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats.get(i);
        }
        return values;
    }

    @Override
    public Tensor tensor(String name) {
        Safetensors.Slice slice = slice(name);
        try {
            Method wrap = RawTensor.class.getDeclaredMethod("fromHandle", TF_Tensor.class);
            wrap.setAccessible(true);
            TF_Tensor handle = TF_Tensor.newTensor(
                    tensorflow.TF_FLOAT,
                    slice.shape(),
                    new BytePointer(slice.bytes().duplicate()));
            return (Tensor) wrap.invoke(null, handle);
        } catch (ReflectiveOperationException | RuntimeException notInPlace) {
            return copy(name, slice);
        }
    }

    private Tensor copy(String name, Safetensors.Slice slice) {
        FloatBuffer floats = floats(name);
        return TFloat32.tensorOf(Shape.of(slice.shape()), DataBuffers.of(floats));
    }

    private FloatBuffer floats(String name) {
        return slice(name).bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    private Safetensors.Slice slice(String name) {
        Safetensors.Slice slice = slices.get(name);
        if (slice == null) {
            throw new IllegalArgumentException("%s has no tensor %s.".formatted(file, name));
        }
        return slice;
    }
}
