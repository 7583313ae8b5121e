package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/** Answers with a trained adapter. */
public final class Predictor {
    private static final int BATCH = 64;
    private final Path cache;

    /** @param cache folder for converted weights, shared by processes */
    public Predictor(Path cache) {
        this.cache = cache;
    }

    /**
     * Answers a split.
     *
     * @param request the request of the training
     * @param adapter the file that the training left
     * @throws CellFailure YOURS where the adapter does not fit the request
     */
    public Predictions run(TrainRequest request, Path adapter, Encoded split, Progress progress) throws IOException {
        Backbone backbone = Backbones.named(request.backbone());
        Map<String, Safetensors.Entry> saved = Safetensors.read(adapter);
        try (Graph graph = new Graph()) {
            Network<TFloat32> network = new Network<>(
                    graph, TFloat32.class, backbone, Methods.named(request.method()), request.withoutDropout());
            try (Session session = Sessions.open(graph)) {
                Running<TFloat32> running = new Running<>(network, session);
                List<Variable<TFloat32>> frozen = network.vars.all().stream()
                        .filter(variable -> !variable.trains())
                        .toList();
                running.values().initialise(frozen, backbone.weights(cache), request.seed());
                for (Variable<TFloat32> variable : network.vars.trained()) {
                    restore(running, saved, variable, adapter);
                }
                Running.Answers answers = running.answers(split, BATCH, progress);
                return new Predictions(answers.outputs(), answers.examplesPerSecond());
            }
        }
    }

    private static void restore(
            Running<TFloat32> running,
            Map<String, Safetensors.Entry> saved,
            Variable<TFloat32> variable,
            Path adapter) {
        try {
            running.values().restore(saved, variable.name(), variable.shape(), variable.feed(), variable.assign());
        } catch (IllegalArgumentException misfit) {
            throw CellFailure.yours("%s does not fit: %s", adapter, misfit.getMessage());
        }
    }
}
