package dev.fewtune.step;

import dev.fewtune.leaderboard.Origin;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.task.Example;
import dev.fewtune.task.Fingerprint;
import dev.fewtune.task.Metrics;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Predictor;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the score row of one training.
 *
 * @param work the evaluation
 * @param precision in which numbers the split is scored
 * @param examples of the split that is scored
 */
record Scoring(
        DatasetCard card,
        TrainRequest request,
        TrainResult trained,
        CellWork work,
        CellWork.Upstream tuned,
        String split,
        String precision,
        List<Example> examples,
        Origin trainedOn,
        Origin scoredOn) {
    /** Axes that have a place of their own in a score. */
    private static final List<String> KNOWN_AXES = List.of("method", "task", "seed", "split", Tokenize.SHOTS_SEED);

    private static final long DRAW = 10_000;

    Score score(Encoded rows, Predictor.Answer predictions, Replies replies) {
        Map<String, Double> metrics = replies.scores(predictions.answers(), rows.targets(), examples);
        List<String> notes = new ArrayList<>(card.notes());
        if (!precision.equals("f32") || !request.training().precision().equals("f32")) {
            notes.add("Matrices are %s in training and %s in scoring."
                    .formatted(request.training().precision(), precision));
        }
        notes.addAll(Transfer.notes(tuned));
        int truncated = Encoding.truncated(rows);
        if (truncated > 0) {
            notes.add("%,d of %,d %s texts were cut to %d tokens."
                    .formatted(truncated, rows.size(), split, card.maxLength()));
        }
        long meaningless = replies.meaningless(predictions.answers());
        if (meaningless > 0) {
            notes.add("%,d of %,d %s answers are %s."
                    .formatted(meaningless, rows.size(), split, card.regression() ? "no number" : "no class"));
        }
        return row(metrics.get(card.metric()), metrics, predictions.examplesPerSecond(), notes);
    }

    Score notApplicable() {
        return row(Double.NaN, Map.of(), 0, card.notes());
    }

    private Score row(double value, Map<String, Double> metrics, double speed, List<String> notes) {
        String dataHash = Fingerprint.of(examples);
        return new Score(
                card.backbone(),
                card.task(),
                variant(),
                request.method(),
                request.methodSettings(),
                axes(),
                tuned.cell().control() || request.method().equals("head-only"),
                seed(),
                split,
                card.metric(),
                value,
                metrics,
                card.trainSize(),
                card.validationSize(),
                examples.size(),
                majority(),
                new Comparability(card, request, split, precision, dataHash).hash(),
                dataHash,
                trained.methodParameters(),
                trained.normParameters(),
                trained.headParameters(),
                trained.learningRate(),
                trained.trainSeconds(),
                trained.examplesPerSecond(),
                speed,
                trained.peakMemoryBytes(),
                trained.adapterBytes(),
                trained.paddingShare(),
                trained.curve().stream().map(TrainResult.Point::score).toList(),
                notes,
                trained.notApplicable(),
                tuned.state().equals("CACHED"),
                trainedOn,
                scoredOn);
    }

    /** Of few shots each draw counts as a seed of its own: its seed in front of that of the training. */
    private long seed() {
        return card.shots() == null ? request.seed() : card.shots().seed() * DRAW + request.seed();
    }

    private String variant() {
        return tuned.cell().kind().equals(ImportAdapter.SPEC.kind())
                ? ImportAdapter.variant(tuned.cell())
                : Cells.axis(tuned.cell(), "method");
    }

    private Map<String, String> axes() {
        Map<String, String> axes = new LinkedHashMap<>(tuned.cell().axes());
        axes.putAll(work.cell().axes());
        axes.keySet().removeAll(KNOWN_AXES);
        return axes;
    }

    private double majority() {
        if (card.asking().texts()) {
            return Double.NaN;
        }
        double[] answers = new double[examples.size()];
        Arrays.fill(answers, card.constant());
        return Metrics.of(card.metric(), answers, Encoding.targets(examples, card.labels()));
    }
}
