package dev.fewtune.train;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Pretrained;
import dev.fewtune.graft.Variable;
import dev.fewtune.spec.KeyedRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/** Moves numbers between Java and the variables of a session. */
final class Values<T extends TNumber> {
    private final Session session;
    private final Class<T> type;

    Values(Session session, Class<T> type) {
        this.session = session;
        this.type = type;
    }

    /** Gives every variable its first value. */
    void initialise(List<Variable<T>> variables, Pretrained pretrained, long seed) {
        for (Variable<T> variable : variables) {
            try (Tensor value = first(variable, pretrained, seed)) {
                assign(variable.feed(), variable.assign(), variable.shape(), value);
            }
        }
    }

    void zero(List<Optimizer.Moment<T>> moments) {
        for (Optimizer.Moment<T> moment : moments) {
            try (Tensor value = tensor(new double[size(moment.shape())], moment.shape())) {
                assign(moment.feed(), moment.assign(), moment.shape(), value);
            }
        }
    }

    /** @throws IllegalArgumentException where a tensor is missing or of another shape */
    void restore(Map<String, Safetensors.Entry> saved, String name, long[] shape, Operand<T> feed, Op assign) {
        Safetensors.Entry entry = saved.get(name);
        if (entry == null || !java.util.Arrays.equals(entry.shape(), shape)) {
            throw new IllegalArgumentException("The saved tensor %s is missing or of another shape.".formatted(name));
        }
        double[] values = new double[entry.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = entry.values()[i];
        }
        try (Tensor value = tensor(values, shape)) {
            assign(feed, assign, shape, value);
        }
    }

    /** Reads variables in one step. */
    Map<String, Safetensors.Entry> read(List<String> names, List<Operand<T>> reads, List<long[]> shapes) {
        Session.Runner runner = session.runner();
        reads.forEach(runner::fetch);
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        if (names.isEmpty()) {
            return tensors;
        }
        try (Result result = runner.run()) {
            for (int i = 0; i < names.size(); i++) {
                tensors.put(names.get(i), new Safetensors.Entry(shapes.get(i), floats(result.get(i))));
            }
        }
        return tensors;
    }

    Map<String, Safetensors.Entry> trained(List<Variable<T>> variables) {
        return read(
                variables.stream().map(Variable::name).toList(),
                variables.stream().map(Variable::read).toList(),
                variables.stream().map(Variable::shape).toList());
    }

    Tensor tensor(double[] values, long... shape) {
        if (type == TFloat64.class) {
            return TFloat64.tensorOf(Shape.of(shape), DataBuffers.of(values, true, false));
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(floats, true, false));
    }

    static Tensor integers(int[] values, long... shape) {
        return TInt32.tensorOf(Shape.of(shape), DataBuffers.of(values, true, false));
    }

    static Tensor longs(long... values) {
        return TInt64.vectorOf(values);
    }

    static double[] doubles(Tensor tensor) {
        int size = Math.toIntExact(tensor.shape().size());
        double[] values = new double[size];
        if (tensor instanceof TFloat64 wide) {
            wide.asRawTensor().data().asDoubles().read(values);
            return values;
        }
        float[] floats = floats(tensor);
        for (int i = 0; i < size; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.shape().size())];
        if (tensor instanceof TFloat64) {
            double[] wide = doubles(tensor);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) wide[i];
            }
            return values;
        }
        tensor.asRawTensor().data().asFloats().read(values);
        return values;
    }

    private Tensor first(Variable<T> variable, Pretrained pretrained, long seed) {
        if (variable.init() != null) {
            KeyedRandom random = new KeyedRandom(seed, "init/" + variable.name());
            return tensor(variable.init().values(variable.size(), random, pretrained), variable.shape());
        }
        if (type == TFloat32.class) {
            return pretrained.tensor(variable.name());
        }
        return tensor(pretrained.values(variable.name()), variable.shape());
    }

    /** TensorFlow takes a fed tensor of the wrong shape without a word, so shapes are compared here. */
    private void assign(Operand<T> feed, Op assign, long[] shape, Tensor value) {
        if (!value.shape().equals(Shape.of(shape))) {
            throw new IllegalArgumentException(
                    "A variable of shape %s got a value of shape %s.".formatted(Shape.of(shape), value.shape()));
        }
        session.runner().feed(feed, value).addTarget(assign).run().close();
    }

    private static int size(long[] shape) {
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        return Math.toIntExact(size);
    }
}
