package dev.fewtune.step;

import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.task.Control;
import dev.fewtune.task.Example;
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
        List<Example> train = task.sample("train", card.maxTrainSamples(), card.dataSeed());
        List<Example> test =
                task.sample(peer.split(), peer.split().equals("test") ? card.maxTestSamples() : 0, card.dataSeed());

        long start = System.nanoTime();
        Control.Fit fitted = Control.fit(train, card.labels());
        double fitSeconds = (System.nanoTime() - start) / 1e9;
        long startPredict = System.nanoTime();
        double[] answers = fitted.predict(test);
        double predictSeconds = (System.nanoTime() - startPredict) / 1e9;
        double[] targets =
                test.stream().mapToDouble(example -> target(example, card)).toArray();
        Map<String, Double> metrics = Metrics.all(card.regression(), card.outputs(), answers, targets);
        return new Score(
                card.backbone(),
                card.task(),
                VARIANT,
                VARIANT,
                true,
                0,
                peer.split(),
                card.metric(),
                metrics.get(card.metric()),
                metrics,
                card.trainSize(),
                0,
                test.size(),
                peer.majority(),
                peer.comparability(),
                fitted.parameters(),
                0,
                0,
                0,
                fitSeconds,
                train.size() / Math.max(fitSeconds, 1e-9),
                test.size() / Math.max(predictSeconds, 1e-9),
                0,
                0,
                List.of(),
                List.of(),
                null,
                false);
    }

    private static double target(Example example, DatasetCard card) {
        return card.regression()
                ? Double.parseDouble(example.label())
                : card.labels().indexOf(example.label());
    }
}
