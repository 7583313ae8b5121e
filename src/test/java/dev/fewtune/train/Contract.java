package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tensorflow.types.TFloat64;

/**
 * What every method promises on a small network in float64 whose head is frozen, so that the head cannot keep the
 * promises in its stead. Returns the broken ones.
 */
final class Contract {
    private static final double RATE = 1e-2;
    private static final int STEPS = 10;
    private static final double NUDGE = 1e-5;
    private static final Map<String, Object> SMALL = Map.of(
            "length",
            4L,
            "noise",
            0.0,
            "detach",
            false,
            "block_size",
            4L,
            "frequencies",
            20L,
            "dropped",
            1L,
            "target_rank",
            1L,
            "reduction",
            2L,
            "pieces",
            4L);

    private final Backbone backbone;
    private final Weights weights;
    private final Path folder;
    private final List<String> broken = new ArrayList<>();

    Contract(Backbone backbone, Weights weights, Path folder) {
        this.backbone = backbone;
        this.weights = weights;
        this.folder = folder;
    }

    /** The promises apart from the list of names. */
    List<String> broken(Method method) throws IOException {
        try (Learner<TFloat64> learner = learner(method, 1)) {
            return broken(learner, rate(method), method.smooth());
        }
    }

    /** @param declared names of the tensors that the method says it trains */
    List<String> broken(Method method, Set<String> declared) throws IOException {
        try (Learner<TFloat64> learner = learner(method, 1)) {
            Set<String> names = learner.model().vars().trained().stream()
                    .map(Variable::name)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!names.equals(new TreeSet<>(declared))) {
                broken.add("trains " + names + " and declares " + new TreeSet<>(declared));
            }
            return broken(learner, rate(method), method.smooth());
        }
    }

    private List<String> broken(Learner<TFloat64> learner, double rate, boolean smooth) throws IOException {
        if (learner.model().vars().trained().isEmpty()) {
            broken.add("trains nothing");
            return broken;
        }
        Batch batch = Samples.batch(0, 8);
        learns(learner, batch, rate);
        if (smooth) {
            gradients(learner, batch);
        }
        return broken;
    }

    /** Prompts of networks with large token rows learn next to nothing at a rate that suits all others. */
    private double rate(Method method) {
        return Math.max(RATE, method.spec().learningRate().of(backbone.spec()));
    }

    /** The promises where two tasks are learned together. */
    List<String> brokenTogether(Method method, Batch batch) throws IOException {
        Map<String, Object> given = new LinkedHashMap<>(settings(method).values());
        // Imitating a teacher of random numbers is another aim than the task.
        given.computeIfPresent("distill", (name, weight) -> 0.05);
        Settings settings = Settings.of(method.spec().settings(), given);
        try (Learner<TFloat64> learner = together(method, settings, 0.1)) {
            learns(learner, batch, rate(method));
            gradients(learner, batch);
            return broken;
        }
    }

    /** Of {@link Samples#together}, given {@link Sources#taught}. */
    Learner<TFloat64> together(Method method, Settings settings, double dropout) {
        int width = backbone.spec().hidden();
        Model.Task task =
                new Model.Task(5, false, "mean", dropout, false).beside(Sources.taught(width), Sources.MEMBERS);
        return new Learner<>(TFloat64.class, backbone, method, settings, task, new Optimizing(0, 1), weights, 1);
    }

    Learner<TFloat64> learner(Method method, long seed) {
        return learner(method, settings(method), new Optimizing(0, 1), seed);
    }

    /** One that predicts only, which is much faster to build. */
    Learner<TFloat64> predictor(Method method, long seed) {
        return predictor(method, settings(method), seed);
    }

    Learner<TFloat64> predictor(Method method, Settings settings, long seed) {
        return learner(method, settings, null, seed);
    }

    private Learner<TFloat64> learner(Method method, Settings settings, Optimizing optimizing, long seed) {
        return new Learner<>(
                TFloat64.class,
                backbone,
                method,
                settings,
                new Model.Task(3, false, "mean", 0.1, false)
                        .beside(Sources.tiny(backbone.spec().hidden()), List.of()),
                optimizing,
                weights,
                seed);
    }

    /** The defaults, but for sizes that do not fit small networks, and gradients that leave out a part on purpose. */
    static Settings settings(Method method) {
        Map<String, Object> given = new LinkedHashMap<>(SMALL);
        List<String> known =
                method.spec().settings().stream().map(Setting::name).toList();
        if (known.contains("length") || known.contains("target_rank")) {
            given.put("rank", 2L);
        }
        given.keySet().retainAll(known);
        return Settings.of(method.spec().settings(), given);
    }

    private void learns(Learner<TFloat64> learner, Batch batch, double rate) {
        Map<String, byte[]> frozen = bytes(learner, learner.model().vars().frozen());
        Map<String, byte[]> start = bytes(learner, learner.model().vars().trained());
        Map<String, Double> steepest = new LinkedHashMap<>();
        for (int step = 0; step < STEPS; step++) {
            if (step < 2) {
                learner.gradients(batch, step)
                        .forEach((name, gradient) -> steepest.merge(
                                name,
                                Arrays.stream(gradient).map(Math::abs).max().orElse(0),
                                Math::max));
            }
            learner.step(batch, rate, step);
        }
        Map<String, byte[]> end = bytes(learner, learner.model().vars().trained());
        steepest.forEach((name, size) -> {
            // Softmax does not see what a key's bias adds to all scores alike.
            boolean blind = name.endsWith(".key.bias");
            if (!blind && size < 1e-12) {
                broken.add(name + " has no gradient");
            }
            if (!blind && Arrays.equals(start.get(name), end.get(name))) {
                broken.add(name + " has not changed");
            }
        });
        bytes(learner, learner.model().vars().frozen()).forEach((name, bytes) -> {
            if (!Arrays.equals(bytes, frozen.get(name))) {
                broken.add(name + " is frozen and has changed");
            }
        });
        if (!falls(learner, batch, rate) && !falls(learner, batch, 3 * rate)) {
            broken.add("the loss does not fall");
        }
    }

    /** From the start; dropout drowns what a small method does at a small rate. */
    private static boolean falls(Learner<TFloat64> learner, Batch batch, double rate) {
        learner.start(1);
        double before = loss(learner, batch);
        for (int step = 0; step < STEPS; step++) {
            learner.step(batch, rate, step);
        }
        return loss(learner, batch) < before;
    }

    /** Without dropout, which moves the loss of a small network more than few steps do. */
    private static double loss(Learner<TFloat64> learner, Batch batch) {
        return Outputs.loss(learner.predict(batch), batch.targets(), false);
    }

    /** Compares with central differences at two entries of every trained tensor, dropout included. */
    private void gradients(Learner<TFloat64> learner, Batch batch) throws IOException {
        Map<String, double[]> gradients = learner.gradients(batch, 3);
        List<Safetensors.Entry> values = learner.values(learner.model().vars().trained());
        for (Safetensors.Entry entry : values) {
            double[] gradient = gradients.get(entry.name());
            for (int place : new int[] {gradient.length / 3, gradient.length - 1}) {
                double slope = (at(learner, batch, values, entry, place, NUDGE)
                                - at(learner, batch, values, entry, place, -NUDGE))
                        / (2 * NUDGE);
                if (Math.abs(slope - gradient[place]) > 1e-6) {
                    broken.add("the gradient of %s at %s is %s and its difference %s"
                            .formatted(entry.name(), place, gradient[place], slope));
                }
            }
        }
    }

    private double at(
            Learner<TFloat64> learner,
            Batch batch,
            List<Safetensors.Entry> values,
            Safetensors.Entry entry,
            int place,
            double nudge)
            throws IOException {
        ByteBuffer bytes = entry.bytes().order(ByteOrder.LITTLE_ENDIAN);
        double kept = bytes.getDouble(8 * place);
        bytes.putDouble(8 * place, kept + nudge);
        Path file = folder.resolve("nudged.safetensors");
        Safetensors.write(file, values);
        bytes.putDouble(8 * place, kept);
        learner.restore(Safetensors.open(file));
        return learner.loss(batch, 3);
    }

    static Map<String, byte[]> bytes(Learner<?> learner, List<? extends Variable<?>> variables) {
        @SuppressWarnings({"unchecked", "rawtypes"})
        List<Safetensors.Entry> entries = ((Learner) learner).values((List) variables);
        return entries.stream()
                .collect(Collectors.toMap(
                        Safetensors.Entry::name, entry -> entry.bytes().array().clone()));
    }
}
