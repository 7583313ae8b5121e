package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Pretrained;
import dev.fewtune.graft.Share;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.types.TFloat32;

/** Trains one method on one backbone. */
public final class Trainer {
    /** The file that a training leaves: every trained tensor, the head included. */
    public static final String ADAPTER = "adapter.safetensors";

    private final Path cache;

    /** @param cache folder for converted weights, shared by processes */
    public Trainer(Path cache) {
        this.cache = cache;
    }

    /**
     * Trains, validates after each epoch, and leaves the best epoch's tensors as {@link #ADAPTER} in {@code out}.
     * Continues from a checkpoint of the same request and data; the end is then bit for bit the same.
     *
     * @throws CellFailure YOURS for settings that do not fit, RESOURCE where memory ends
     * @throws dev.fewtune.spec.CancelledException as soon as {@code progress} says so, at most one step later; a
     *     checkpoint is left
     */
    public TrainResult run(
            TrainRequest request, Encoded train, Encoded validation, Path out, Path checkpoints, Progress progress)
            throws IOException {
        Backbone backbone = Backbones.named(request.backbone());
        Method method = Methods.named(request.method());
        Pretrained weights = backbone.weights(cache);
        double rate = request.training().learningRate() > 0
                ? request.training().learningRate()
                : method.spec().learningRate();
        try (Graph graph = new Graph()) {
            Network<TFloat32> network = network(graph, backbone, method, request);
            String reason = notApplicable(network, request);
            if (reason != null) {
                return new TrainResult(reason, 0, 0, 0, rate, 0, 0, 0, 0, 0, 0, 0, List.of());
            }
            Optimizer<TFloat32> optimizer = new Optimizer<>(network, request.training());
            try (Session session = Sessions.open(graph)) {
                Running<TFloat32> running = new Running<>(network, session);
                running.values().initialise(network.vars.all(), weights, request.seed());
                running.values().zero(optimizer.moments);
                Loop loop = new Loop(request, rate, train, validation, running, network, optimizer);
                loop.run(checkpoints, progress);
                long bytes = writeAdapter(out, request, loop.best());
                return loop.result(network.vars, bytes);
            }
        } catch (TFResourceExhaustedException full) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "Memory ended while training %s with batch_size %s. Maybe a smaller batch_size or max_length. (%s)"
                            .formatted(request.method(), request.training().batchSize(), firstLine(full)),
                    full);
        }
    }

    private static Network<TFloat32> network(Graph graph, Backbone backbone, Method method, TrainRequest request) {
        try {
            return new Network<>(graph, TFloat32.class, backbone, method, request);
        } catch (IllegalArgumentException wrong) {
            throw CellFailure.yours("%s: %s", request.method(), wrong.getMessage());
        }
    }

    /** A method with nothing to hold on to trains no more than the head; only head-only means to. */
    private static String notApplicable(Network<?> network, TrainRequest request) {
        boolean holds = network.vars.count(Share.METHOD) + network.vars.count(Share.NORMS) > 0;
        if (holds || request.method().equals("head-only")) {
            return null;
        }
        return "%s finds nothing to train in %s".formatted(request.method(), request.backbone());
    }

    private static long writeAdapter(Path out, TrainRequest request, Map<String, Safetensors.Entry> tensors)
            throws IOException {
        Path file = out.resolve(ADAPTER);
        Safetensors.write(
                file,
                tensors,
                Map.of("method", request.method(), "backbone", request.backbone(), "seed", "" + request.seed()));
        return Files.size(file);
    }

    private static String firstLine(Exception thrown) {
        return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    }
}
