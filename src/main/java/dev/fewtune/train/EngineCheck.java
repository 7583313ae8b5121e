package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import java.util.function.Supplier;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Whether the engine works. It is tried once, when somebody first asks; a native library that fails stays broken. */
public final class EngineCheck {
    /** TensorFlow in this process. */
    public static final EngineCheck HERE = new EngineCheck(EngineCheck::tried);

    private final Supplier<Facts> trial;
    private Facts facts;
    private Broken broken;

    /**
     * What is known of an engine that works.
     *
     * @param version of the native library
     * @param gpu whether it computes on a GPU
     */
    public record Facts(String version, boolean gpu) {}

    /** The engine does not work; the message says why. */
    public static final class Broken extends RuntimeException {
        Broken(Throwable thrown) {
            super("TensorFlow does not work on this machine: " + thrown, thrown);
        }
    }

    /** @param trial what it takes to know the facts; any failure of it means that the engine is broken */
    public EngineCheck(Supplier<Facts> trial) {
        this.trial = trial;
    }

    /** @throws Broken where the engine does not work */
    public synchronized Facts facts() {
        if (facts == null && broken == null) {
            try {
                facts = trial.get();
            } catch (RuntimeException | LinkageError thrown) {
                broken = new Broken(thrown);
            }
        }
        if (broken != null) {
            throw broken;
        }
        return facts;
    }

    private static Facts tried() {
        double two = sum(DeviceSpec.DeviceType.CPU);
        if (two != 2) {
            throw new IllegalStateException("1 + 1 gives " + two);
        }
        return new Facts(TensorFlow.version(), hasGpu());
    }

    private static boolean hasGpu() {
        try {
            return sum(DeviceSpec.DeviceType.GPU) == 2;
        } catch (TFInvalidArgumentException noSuchDevice) {
            return false;
        }
    }

    private static double sum(DeviceSpec.DeviceType device) {
        DeviceSpec place =
                DeviceSpec.newBuilder().deviceType(device).deviceIndex(0).build();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph).withDevice(place);
            Operand<TFloat32> sum = tf.math.add(tf.constant(1f), tf.constant(1f));
            try (Session session = new Session(graph, Learner.config());
                    Result result = session.runner().fetch(sum).run()) {
                return Tensors.read(result.get(0))[0];
            }
        }
    }
}
