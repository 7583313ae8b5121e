package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The weights of a network into which a trained method went, beside those of the network itself, which nobody writes: to
 * undo it is to take those again. Whether a method can be merged is found by watching it.
 */
final class Merging<T extends TFloating> implements AutoCloseable {
    private final Learner<T> learner;
    private final Weights base;
    private final Map<String, Operand<T>> changed = new LinkedHashMap<>();
    private final Operand<T> headMatrix;

    /**
     * @param seed of the training, on which random matrices depend that do not train
     * @param adapter what was trained
     * @throws CellFailure with cause YOURS where the method cannot be merged
     */
    Merging(
            Class<T> type,
            Backbone backbone,
            Method method,
            Settings settings,
            Model.Task task,
            Weights base,
            long seed,
            Safetensors adapter) {
        this.base = base;
        Watching watching = new Watching(method);
        this.learner = new Learner<>(type, backbone, watching, settings, task, null, base, seed);
        try {
            learner.restore(adapter);
            Watched<T> watched = watching.watched();
            watched.elsewhere().ifPresent(at -> {
                throw refused(method.spec(), "it changes what leaves %s, which is no linear map".formatted(at));
            });
            Map<String, Operand<T>> known = new HashMap<>();
            for (Variable<T> variable : learner.model().vars().all()) {
                known.put(variable.name(), variable.value());
                if (variable.init() == null && variable.share().trains()) {
                    changed.put(variable.name(), variable.value());
                }
            }
            changed.putAll(watched.merged(known));
            headMatrix = watched.headMatrix();
            requireBiases(backbone, method.spec());
        } catch (RuntimeException | Error e) {
            learner.close();
            throw e;
        }
    }

    /** The head that was trained, or started from; empty where there is none. */
    Map<String, Numbers> head() {
        Map<String, Operand<T>> head = new LinkedHashMap<>();
        learner.model().vars().all().stream()
                .filter(variable -> variable.name().startsWith("head."))
                .forEach(variable -> head.put(variable.name(), variable.value()));
        head.replaceAll((name, value) -> name.equals("head.weight") ? headMatrix : value);
        Map<String, Numbers> numbers = new LinkedHashMap<>();
        learner.fetch(head).forEach(entry -> numbers.put(entry.name(), Numbers.of(entry)));
        return numbers;
    }

    /** A tensor of the network by our name, as float32. */
    ByteBuffer values(String name) {
        Operand<T> own = changed.get(name);
        if (own != null) {
            Safetensors.Entry entry = learner.fetch(Map.of(name, own)).get(0);
            return entry.type().equals("F32")
                    ? entry.bytes()
                    : Numbers.of(entry).entry(name).bytes();
        }
        try (Tensor tensor = base.tensor(name, TFloat32.class, true)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.numBytes()));
            tensor.asRawTensor().data().read(bytes.array());
            return bytes;
        }
    }

    @Override
    public void close() {
        learner.close();
    }

    /** Networks whose maps have no biases have no place for those that a method adds. */
    private void requireBiases(Backbone backbone, MethodSpec method) {
        Set<String> known = backbone.foreignNames().keySet();
        List<String> added = changed.keySet().stream()
                .filter(name -> name.endsWith("." + Kind.BIAS.label()) && !known.contains(name))
                .toList();
        for (String name : added) {
            Safetensors.Entry bias =
                    learner.fetch(Map.of(name, changed.get(name))).get(0);
            if (Arrays.stream(Numbers.of(bias).values()).anyMatch(value -> value != 0)) {
                throw refused(
                        method,
                        "it adds biases, and %s has no place for %s"
                                .formatted(backbone.spec().name(), name));
            }
            changed.remove(name);
        }
    }

    private static CellFailure refused(MethodSpec method, String why) {
        return CellFailure.yours(
                "%s cannot be merged into the weights of the network: %s. Maybe export it for PEFT instead.",
                method.name(), why);
    }

    /** A method whose graft is watched. */
    private static final class Watching implements Method {
        private final Method method;
        private Watched<?> watched;

        private Watching(Method method) {
            this.method = method;
        }

        @Override
        public MethodSpec spec() {
            return method.spec();
        }

        @Override
        public <V extends TFloating> Graft<V> graft(Vars<V> vars, Settings settings) {
            return watching(method.graft(vars, settings));
        }

        @Override
        public <V extends TFloating> Graft<V> graft(Vars<V> vars, Settings settings, Given given) {
            return watching(method.graft(vars, settings, given));
        }

        private <V extends TFloating> Watched<V> watching(Graft<V> graft) {
            Watched<V> watch = new Watched<>(graft);
            watched = watch;
            return watch;
        }

        @SuppressWarnings("unchecked")
        private <V extends TFloating> Watched<V> watched() {
            return (Watched<V>) watched;
        }
    }
}
