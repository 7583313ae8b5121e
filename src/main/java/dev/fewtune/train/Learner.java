package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Levels;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Settings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** One model in one session: takes steps, predicts, and hands its state out and in. */
final class Learner<T extends TFloating> implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Session session;
    private final Class<T> type;
    private final Model<T> model;
    private final Optimizer<T> optimizer;
    private final Parts<T> parts;
    private final int batches;
    private final Weights weights;
    private Ground.Cuts<T> cuts;
    private long seed;

    /** @param optimizing null where nothing is to be learned, only predicted */
    Learner(
            Class<T> type,
            Backbone backbone,
            Method method,
            Settings settings,
            Model.Task task,
            Optimizing optimizing,
            Weights weights,
            long seed) {
        this.type = type;
        this.batches = optimizing == null ? 1 : optimizing.batches();
        this.weights = weights;
        Session started = null;
        try {
            Ops tf = Ops.create(graph);
            this.model = new Model<>(tf, type, backbone, method, settings, task, optimizing != null);
            this.optimizer = optimizing == null
                    ? null
                    : new Optimizer<>(
                            tf, type, model.loss(), model.vars().trained(), optimizing, model.graft()::afterStep);
            this.parts = optimizing == null
                    ? null
                    : new Parts<>(
                            tf,
                            model.loss(),
                            model.vars().frozen(),
                            model.graft().phases());
            started = new Session(graph, type == TFloat64.class ? plainConfig() : config());
            this.session = started;
            start(seed);
        } catch (RuntimeException | Error e) {
            if (started != null) {
                started.close();
            }
            graph.close();
            throw e;
        }
    }

    /** Sets every variable to its first value for a seed. */
    void start(long seed) {
        this.seed = seed;
        model.vars().assign(session, weights, seed);
        if (optimizer != null) {
            optimizer.moments().zero(session);
        }
    }

    /** In how many ways it may be used; empty for one. */
    Optional<Levels> levels() {
        return model.graft().levels();
    }

    /** Says which of these ways it is to be used in from now on. */
    void use(int level) {
        levels().ifPresent(levels -> new Held().set(Map.of(levels.variable(), new double[] {level})));
    }

    /** How many parts a training has. */
    int parts() {
        return parts.count();
    }

    /**
     * Goes over to a part of the training, from where the part before it is to end.
     *
     * @param count batches that may be looked at
     * @param draw names the dropout of the first of them
     * @param between called before each of them
     * @return what was found out, sentences for people
     */
    List<String> enter(int part, int count, IntFunction<Batch> batches, long draw, Runnable between) {
        Parts.Measuring<T> measuring = (batch, tensors) -> {
            between.run();
            return measured(batches.apply(batch), draw + batch, tensors);
        };
        List<String> found = parts.prepare(part, count, measuring, new Held());
        if (parts.anew(part)) {
            model.vars().rewind(session, weights, seed);
        }
        if (part > 0) {
            optimizer.moments().zero(session);
        }
        return found;
    }

    Model<T> model() {
        return model;
    }

    /** Where steps, and where answers, can begin with states that are kept. */
    Ground.Cuts<T> cuts() {
        if (cuts == null) {
            cuts = Ground.Cuts.of(graph, model, optimizer == null ? List.of() : optimizer.updates());
        }
        return cuts;
    }

    /** States of a batch at some levels, row-major bytes. */
    List<byte[]> states(Batch batch, List<Level<T>> levels) {
        try (Tensors open = new Tensors()) {
            Session.Runner runner = session.runner();
            model.objective().feed(runner, batch, open);
            levels.forEach(level -> runner.fetch(level.states()));
            List<byte[]> states = new ArrayList<>();
            try (Result result = runner.run()) {
                for (int i = 0; i < levels.size(); i++) {
                    states.add(bytes(result.get(i)));
                }
            }
            return states;
        }
    }

    /** One optimizer step of one batch, as below. */
    double step(Batch batch, double learningRate, long step) {
        return step(List.of(batch), learningRate, step, () -> {});
    }

    /** One optimizer step, as below, of a training whose end is far away. */
    double step(List<Batch> parts, double learningRate, long step, Runnable between) {
        return step(parts, learningRate, step, Integer.MAX_VALUE, between);
    }

    /**
     * One optimizer step.
     *
     * @param step from 0
     * @param total steps of the training
     * @param between called before each batch; where it throws, nothing has changed
     * @return the loss before the step, the mean over all examples of the batches
     */
    double step(List<Batch> parts, double learningRate, long step, long total, Runnable between) {
        double all = parts.stream().mapToDouble(Batch::weight).sum();
        double loss = 0;
        optimizer.begin(session);
        for (int i = 0; i < parts.size(); i++) {
            between.run();
            double share = parts.get(i).weight() / all;
            loss += share
                    * part(parts.get(i), learningRate, step, total, step * batches + i, share, i == parts.size() - 1);
        }
        return loss;
    }

    /** The loss as a step would see it, without taking the step. */
    double loss(Batch batch, long step) {
        try (Tensors open = new Tensors();
                Result result = learning(batch, step, open).fetch(model.loss()).run()) {
            return Tensors.read(result.get(0))[0];
        }
    }

    /** The gradient of each trained variable, by name, before clipping. */
    Map<String, double[]> gradients(Batch batch, long step) {
        List<double[]> values = measured(batch, step, optimizer.gradients());
        Map<String, double[]> found = new LinkedHashMap<>();
        for (Variable<T> variable : model.vars().trained()) {
            found.put(variable.name(), values.get(found.size()));
        }
        return found;
    }

    /** What is written for each text, the best first; with an objective that writes, without dropout. */
    List<List<Search.Found>> write(Batch batch, Runnable between) {
        return new Scribe<>(session, model.writing().orElseThrow()).write(batch, between);
    }

    /** What the method shows of each example, by name, [rows][numbers], without dropout. */
    Map<String, double[][]> show(Batch batch) {
        Map<String, double[][]> shown = new LinkedHashMap<>();
        model.vars().shown().forEach((name, value) -> shown.put(name, fetch(batch, value)));
        return shown;
    }

    /** [rows][numbers], without dropout. */
    double[][] predict(Batch batch) {
        return fetch(batch, model.outputs());
    }

    private double[][] fetch(Batch batch, Operand<T> what) {
        try (Tensors open = new Tensors()) {
            Session.Runner runner = session.runner();
            model.objective().feed(runner, batch, open);
            batch.states().feed(runner, batch, open);
            try (Result result = runner.fetch(what).run()) {
                double[] flat = Tensors.read(result.get(0));
                int rows = batch.rows().length;
                double[][] outputs = new double[rows][flat.length / rows];
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(flat, row * outputs[row].length, outputs[row], 0, outputs[row].length);
                }
                return outputs;
            }
        }
    }

    /** The values of variables, as they would stand in a file. */
    List<Safetensors.Entry> values(List<Variable<T>> variables) {
        Map<String, Operand<T>> reads = new LinkedHashMap<>();
        variables.forEach(variable -> reads.put(variable.name(), variable.value()));
        return fetch(reads);
    }

    /** What a plainer method must hold to compute the same; see {@link dev.fewtune.graft.Vars#collapses}. */
    List<Safetensors.Entry> collapsed() {
        return fetch(model.vars().collapsed());
    }

    /** The values of what trains, by name. */
    Map<String, Numbers> trainedNumbers() {
        return numbers(values(model.vars().trained()));
    }

    /** What a plainer method must hold, and random matrices that all maps of a shape share, by name. */
    Map<String, Numbers> numbersBeside() {
        Map<String, Numbers> beside = numbers(collapsed());
        beside.putAll(numbers(values(fixed().stream()
                .filter(variable -> variable.name().startsWith("vera."))
                .toList())));
        return beside;
    }

    /** The optimizer's own state. */
    List<Safetensors.Entry> moments() {
        Map<String, Operand<T>> reads = new LinkedHashMap<>();
        optimizer.moments().byName().forEach((name, moment) -> reads.put(name, moment.value()));
        return fetch(reads);
    }

    /** Sets all trained variables, and those that are neither trained nor pretrained where the file has them. */
    void restore(Safetensors file) {
        List<Variable<T>> places = new ArrayList<>(model.vars().trained());
        fixed().stream().filter(variable -> file.has(variable.name())).forEach(places::add);
        assign(file, places, Variable::name, Variable::fed, Variable::assign, Variable::shape);
    }

    /** What is neither trained nor pretrained: random matrices and the like. */
    List<Variable<T>> fixed() {
        return model.vars().frozen().stream()
                .filter(variable -> variable.init() != null)
                .toList();
    }

    /** Sets the optimizer's own state. */
    void restoreMoments(Safetensors file) {
        assign(
                file,
                List.copyOf(optimizer.moments().byName().entrySet()),
                Map.Entry::getKey,
                entry -> entry.getValue().fed(),
                entry -> entry.getValue().assign(),
                entry -> entry.getValue().shape());
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }

    /** @param draw names the dropout of this batch */
    private double part(
            Batch batch, double learningRate, long step, long total, long draw, double share, boolean last) {
        try (Tensors open = new Tensors()) {
            Session.Runner runner = learning(batch, draw, open).fetch(model.loss());
            if (last) {
                optimizer.addTo(runner, open, learningRate, step, total, share);
            } else {
                optimizer.collect(runner, open, share);
            }
            try (Result result = runner.run()) {
                return Tensors.read(result.get(0))[0];
            }
        }
    }

    /** Of the pass that learns. */
    private List<double[]> measured(Batch batch, long draw, List<Operand<T>> tensors) {
        try (Tensors open = new Tensors()) {
            Session.Runner runner = learning(batch, draw, open);
            tensors.forEach(runner::fetch);
            List<double[]> values = new ArrayList<>();
            try (Result result = runner.run()) {
                result.forEach(entry -> values.add(Tensors.read(entry.getValue())));
            }
            return values;
        }
    }

    private Session.Runner learning(Batch batch, long step, Tensors open) {
        Session.Runner runner = session.runner();
        model.objective().feed(runner, batch, open);
        model.objective().feedTargets(runner, batch, open);
        batch.states().feed(runner, batch, open);
        return runner.feed(model.dropoutSeed(), open.add(TInt64.vectorOf(seed, step)));
    }

    /** Variables of the method that no gradient moves. */
    private final class Held implements Parts.Holding {
        @Override
        public double[] now(String name) {
            Variable<T> variable = named(name);
            return Numbers.of(fetch(Map.of(name, variable.value())).get(0)).values();
        }

        @Override
        public void set(Map<String, double[]> values) {
            try (Tensors open = new Tensors()) {
                Session.Runner runner = session.runner();
                values.forEach((name, value) -> {
                    Variable<T> variable = named(name);
                    runner.feed(variable.fed(), open.add(Tensors.of(type, variable.shape(), value)))
                            .addTarget(variable.assign());
                });
                runner.run().close();
            }
        }

        private Variable<T> named(String name) {
            return fixed().stream()
                    .filter(variable -> variable.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Map<String, Numbers> numbers(List<Safetensors.Entry> entries) {
        Map<String, Numbers> numbers = new LinkedHashMap<>();
        entries.forEach(entry -> numbers.put(entry.name(), Numbers.of(entry)));
        return numbers;
    }

    /** Tensors that need no input, as they would stand in a file. */
    List<Safetensors.Entry> fetch(Map<String, Operand<T>> reads) {
        List<Safetensors.Entry> entries = new ArrayList<>();
        if (reads.isEmpty()) {
            return entries;
        }
        Session.Runner runner = session.runner();
        reads.values().forEach(runner::fetch);
        try (Result result = runner.run()) {
            int i = 0;
            for (String name : reads.keySet()) {
                Tensor tensor = result.get(i++);
                entries.add(new Safetensors.Entry(
                        name,
                        type == TFloat64.class ? "F64" : "F32",
                        tensor.shape().asArray(),
                        ByteBuffer.wrap(bytes(tensor))));
            }
        }
        return entries;
    }

    private <V> void assign(
            Safetensors file,
            List<V> places,
            Function<V, String> name,
            Function<V, Operand<?>> fed,
            Function<V, Op> assign,
            Function<V, long[]> shape) {
        if (places.isEmpty()) {
            return;
        }
        try (Tensors open = new Tensors()) {
            Session.Runner runner = session.runner();
            for (V place : places) {
                String tensor = name.apply(place);
                Tensor value = open.add(tensor(file, tensor, shape.apply(place)));
                Tensors.requireShape(tensor, shape.apply(place), value);
                runner.feed(fed.apply(place), value).addTarget(assign.apply(place));
            }
            runner.run().close();
        }
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
        tensor.asRawTensor().data().read(bytes);
        return bytes;
    }

    private Tensor tensor(Safetensors file, String name, long[] shape) {
        int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        if (file.type(name).equals(Bits.TYPE) && file.shape(name)[0] == Bits.bytes(size)) {
            return Tensors.of(type, shape, Bits.unpacked(file.bytes(name), size));
        }
        return Tensors.of(type, file.shape(name), numbers(file, name));
    }

    private static double[] numbers(Safetensors file, String tensor) {
        ByteBuffer bytes = file.bytes(tensor);
        boolean wide = file.type(tensor).equals("F64");
        double[] values = new double[bytes.remaining() / (wide ? 8 : 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = wide ? bytes.getDouble() : bytes.getFloat();
        }
        return values;
    }

    /** In float64 small networks are checked: to rewrite their graphs takes longer than to run them. */
    static ConfigProto plainConfig() {
        RewriterConfig none =
                RewriterConfig.newBuilder().setDisableMetaOptimizer(true).build();
        return config().toBuilder()
                .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(none))
                .build();
    }

    static ConfigProto config() {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(Runtime.getRuntime().availableProcessors())
                .setInterOpParallelismThreads(2)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                .build();
    }
}
