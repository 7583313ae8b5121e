package dev.fewtune.step;

import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.task.Example;
import dev.fewtune.task.Metrics;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Outputs;
import dev.fewtune.train.Predictor;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.TrainSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Makes the score row of one training. */
record Scoring(DatasetCard card, TrainRequest request, TrainResult trained, CellWork.Upstream tuned, String split) {

    Score score(List<Example> examples, Encoded rows, Predictor.Answer predictions) {
        Map<String, Double> metrics = Metrics.all(
                card.regression(),
                card.outputs(),
                Outputs.predictions(predictions.outputs(), card.regression()),
                rows.targets());
        List<String> notes = new ArrayList<>(card.notes());
        int truncated = Encoding.truncated(rows);
        if (truncated > 0) {
            notes.add("%,d of %,d %s texts were cut to %d tokens."
                    .formatted(truncated, rows.size(), split, card.maxLength()));
        }
        return row(metrics.get(card.metric()), metrics, examples, predictions.examplesPerSecond(), notes);
    }

    Score notApplicable() {
        return row(Double.NaN, Map.of(), List.of(), 0, card.notes());
    }

    private Score row(
            double value, Map<String, Double> metrics, List<Example> examples, double speed, List<String> notes) {
        return new Score(
                card.backbone(),
                card.task(),
                Cells.axis(tuned.cell(), "method"),
                request.method(),
                tuned.cell().control() || request.method().equals("head-only"),
                request.seed(),
                split,
                card.metric(),
                value,
                metrics,
                card.trainSize(),
                card.validationSize(),
                examples.size(),
                majority(examples),
                comparability(),
                trained.methodParameters(),
                trained.normParameters(),
                trained.headParameters(),
                trained.learningRate(),
                trained.trainSeconds(),
                trained.examplesPerSecond(),
                speed,
                trained.peakMemoryBytes(),
                trained.adapterBytes(),
                trained.curve().stream().map(TrainResult.Point::score).toList(),
                notes,
                trained.notApplicable(),
                tuned.state().equals("CACHED"));
    }

    private double majority(List<Example> examples) {
        if (card.regression() || examples.isEmpty()) {
            return Double.NaN;
        }
        long right = examples.stream()
                .filter(example -> example.label().equals(card.majorityLabel()))
                .count();
        return (double) right / examples.size();
    }

    /** Everything that two rows must share to be compared: data, model, budget; not the method and its learning rate. */
    private String comparability() {
        TrainSettings training = request.training();
        String all = String.join(
                "|",
                card.backbone(),
                card.taskIdentity(),
                String.valueOf(card.maxLength()),
                String.valueOf(card.trainSize()),
                String.valueOf(card.validationSize()),
                String.valueOf(card.maxTestSamples()),
                String.valueOf(card.dataSeed()),
                split,
                card.metric(),
                request.metric(),
                String.valueOf(training.epochs()),
                String.valueOf(training.batchSize()),
                training.pooling(),
                training.schedule());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
