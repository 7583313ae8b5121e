package dev.fewtune.step;

import dev.fewtune.leaderboard.Origin;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.task.Control;
import dev.fewtune.task.Example;
import dev.fewtune.task.Fingerprint;
import dev.fewtune.task.Metrics;
import dev.fewtune.task.Task;
import dev.fewtune.workflow.TaskFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The control row: a linear model on TF-IDF features, fitted and scored on the rows that the methods had. */
record LinearControl(Bench bench) {
    static final String VARIANT = "tfidf-linear";

    /** @param evaluated any evaluation of the table that gets the row */
    Score score(CellWork.Upstream evaluated, Map<String, TaskFiles> tasks) throws IOException {
        CellWork.Upstream tokenized = Cells.upstream(evaluated.cell(), evaluated.upstream(), Tokenize.SPEC.kind());
        DatasetCard card = Json.read(Cells.file(tokenized, DatasetCard.FILE), DatasetCard.class);
        Score peer = Json.read(Cells.file(evaluated, Evaluate.SCORE), Score.class);
        Task task = bench.task(card.task(), tasks);
        if (!task.identity().equals(card.taskIdentity())) {
            return without(card, peer, "train was changed after the methods had learnt from it");
        }
        if (card.asking().texts()) {
            return without(card, peer, "a linear model writes no texts");
        }
        List<Example> train = card.train(task);
        List<Example> scored = task.sample(peer.split(), card.maxSamples(peer.split()), card.dataSeed());
        return Fingerprint.of(scored).equals(peer.dataHash())
                ? fitted(card, peer, train, scored)
                : without(card, peer, peer.split() + " was changed after the methods were scored on it");
    }

    private Score fitted(DatasetCard card, Score peer, List<Example> train, List<Example> scored) {
        long start = System.nanoTime();
        Control.Fit fitted = Control.fit(train, card.labels());
        double fitSeconds = (System.nanoTime() - start) / 1e9;
        long startPredict = System.nanoTime();
        double[] answers = fitted.predict(scored);
        double predictSeconds = (System.nanoTime() - startPredict) / 1e9;
        double[] targets = Encoding.targets(scored, card.labels());
        return row(
                card,
                peer,
                Metrics.all(card.regression(), card.outputs(), answers, targets),
                fitted.parameters(),
                fitSeconds,
                predictSeconds,
                null);
    }

    private Score without(DatasetCard card, Score peer, String why) {
        return row(card, peer, Map.of(), 0, 0, 0, why);
    }

    private Score row(
            DatasetCard card,
            Score peer,
            Map<String, Double> metrics,
            long parameters,
            double fitSeconds,
            double predictSeconds,
            String notApplicable) {
        Origin here = Machine.withoutEngine(bench.version());
        return new Score(
                card.backbone(),
                card.task(),
                VARIANT,
                VARIANT,
                Map.of(),
                Map.of(),
                true,
                0,
                peer.split(),
                card.metric(),
                metrics.getOrDefault(card.metric(), Double.NaN),
                metrics,
                card.trainSize(),
                card.validationSize(),
                peer.testSize(),
                peer.majority(),
                peer.comparability(),
                peer.dataHash(),
                parameters,
                0,
                0,
                0,
                fitSeconds,
                card.trainSize() / Math.max(fitSeconds, 1e-9),
                peer.testSize() / Math.max(predictSeconds, 1e-9),
                0,
                0,
                0,
                List.of(),
                List.of(),
                notApplicable,
                false,
                here,
                here);
    }
}
