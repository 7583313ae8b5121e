package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.corpus.Corpus;
import dev.fewtune.corpus.Noise;
import dev.fewtune.corpus.SpanCorruption;
import dev.fewtune.corpus.Unigram;
import dev.fewtune.graft.Variable;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Code;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.types.TFloat32;

/** Pretrains a network on running text: it restores what a noise has taken out. All of its weights learn. */
public final class Pretrainer {
    private static final String METHOD = "full";

    private final Supply supply;

    public Pretrainer(Supply supply) {
        this.supply = supply;
    }

    /**
     * Trains to the last step and writes all weights. Where the checkpoints folder holds a state of the same request and
     * text, training goes on from it and ends with the same bits.
     *
     * @param weights file of the trained weights under our names
     * @param checkpoints folder that outlives an interrupted attempt
     * @throws CellFailure YOURS for a loss that is not finite, RESOURCE where memory or disk ran out
     * @throws dev.fewtune.spec.CancelledException where progress says so, after a checkpoint
     */
    public PretrainResult run(
            PretrainRequest request, Corpus corpus, Noise noise, Path weights, Path checkpoints, Progress progress) {
        Backbone backbone = supply.backbone(request.backbone());
        Method method = supply.method(METHOD);
        double rate = method.spec().learningRate().of(backbone.spec());
        Learners.Plan plan = new Learners.Plan(
                backbone,
                method,
                Settings.of(method.spec().settings(), Map.of()),
                task(request, noise),
                request.training().optimizing(rate));
        Owner owner = new Owner(parts(request, backbone, corpus));
        try (Learners.Loan loan = supply.learner(plan, request.seed())) {
            Learner<TFloat32> learner = loan.learner();
            Noising noising = new Noising(corpus, noise, request);
            Unigram unigram = noising.unigram(backbone.spec().vocabulary());
            Position end = new PretrainLoop(request, rate, learner, noising, progress)
                    .run(new Checkpoints(checkpoints, owner, progress));
            List<Variable<TFloat32>> all = learner.model().vars().trained();
            Safetensors.write(weights, learner.values(all));
            loan.sound();
            return result(request, all, corpus, noising.surprise(unigram), end);
        } catch (TFResourceExhaustedException e) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "Memory ran out with %s texts of %s tokens. Maybe batch_size: %s, and accumulate: %s."
                            .formatted(
                                    request.training().batchSize(),
                                    request.length(),
                                    Math.max(1, request.training().batchSize() / 2),
                                    2 * request.training().accumulate()),
                    e);
        } catch (IOException e) {
            throw new CellFailure(Cause.RESOURCE, "%s could not be written: %s".formatted(weights, e.getMessage()), e);
        }
    }

    private static Model.Task task(PretrainRequest request, Noise noise) {
        Aim aim = noise instanceof SpanCorruption
                ? Aim.textToText(noise.targetLength(request.length()), 1)
                : Aim.restore();
        double dropout = request.training().dropout();
        return new Model.Task(1, false, "mean", dropout, false, dropout, 0, Precision.F32, aim);
    }

    private static Map<String, String> parts(PretrainRequest request, Backbone backbone, Corpus corpus) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("settings", Content.hash(request));
        parts.put("code", Code.hash());
        parts.put("weights", backbone.identity());
        parts.put("text", corpus.identity());
        return parts;
    }

    private static PretrainResult result(
            PretrainRequest request, List<Variable<TFloat32>> all, Corpus corpus, double unigram, Position end) {
        List<PretrainResult.Point> curve = end.curve().stream()
                .map(point -> new PretrainResult.Point(
                        Math.min(request.steps(), (long) point.epoch() * request.every()),
                        point.trainLoss(),
                        point.validationLoss()))
                .toList();
        return new PretrainResult(
                all.stream().mapToLong(Variable::size).sum(),
                end.step(),
                end.seconds(),
                end.filled() / Math.max(1e-9, end.seconds()),
                corpus.size(),
                unigram,
                curve.isEmpty() ? Double.NaN : curve.get(curve.size() - 1).heldOut(),
                curve);
    }
}
