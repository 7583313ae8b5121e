package dev.fewtune.benchmark;

import dev.fewtune.spec.Progress;
import dev.fewtune.task.Control;
import dev.fewtune.task.Example;
import dev.fewtune.task.Metrics;
import dev.fewtune.task.Task;
import dev.fewtune.task.Tasks;
import dev.fewtune.text.JsonTokenizer;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Known;
import dev.fewtune.train.Predictions;
import dev.fewtune.train.Predictor;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.TrainSettings;
import dev.fewtune.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Scores and times of single trainings, by hand: {@code TrainingBenchmark CACHE TRAIN TEST SEEDS METHOD[=LR]…}.
 */
final class TrainingBenchmark {
    private TrainingBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path cache = Path.of(arguments[0]);
        Task task = Tasks.named("wordnet-supersense").orElseThrow();
        long start = System.nanoTime();
        List<Example> train = task.sample("train", Integer.parseInt(arguments[1]), 42);
        List<Example> validation = task.sample("validation", 300, 42);
        List<Example> test = task.sample("test", Integer.parseInt(arguments[2]), 42);
        System.out.printf(
                "data in %.1f s: %d/%d/%d%n",
                (System.nanoTime() - start) / 1e9,
                task.examples("train").size(),
                task.examples("validation").size(),
                task.examples("test").size());
        Control control = Control.fit(train, task.labels());
        double[] targets =
                test.stream().mapToDouble(e -> task.labels().indexOf(e.label())).toArray();
        System.out.println("tf-idf " + Metrics.all(targets, control.predict(test), false));
        Encoded trainRows = encode(task, train);
        Encoded validationRows = encode(task, validation);
        Encoded testRows = encode(task, test);
        for (int i = 4; i < arguments.length; i++) {
            String[] parts = arguments[i].split("=");
            for (String seed : arguments[3].split(",")) {
                TrainRequest request = new TrainRequest(
                        "minilm-l6",
                        parts[0],
                        Map.of(),
                        24,
                        false,
                        "accuracy",
                        new TrainSettings(
                                1,
                                32,
                                parts.length > 1 ? Double.parseDouble(parts[1]) : 0,
                                "linear",
                                0.1,
                                0.01,
                                0.1,
                                1,
                                "mean",
                                true,
                                0),
                        Long.parseLong(seed));
                long begun = System.nanoTime();
                Path out = Files.createTempDirectory("train");
                TrainResult result =
                        new Trainer(cache).run(request, trainRows, validationRows, out, out, Progress.SILENT);
                double wall = (System.nanoTime() - begun) / 1e9;
                Predictions predictions =
                        new Predictor(cache).run(request, out.resolve(Trainer.ADAPTER), testRows, Progress.SILENT);
                System.out.printf(
                        Locale.ROOT,
                        "%-14s seed %s lr %g: %.4f  steps %.1f s, wall %.1f s, %d+%d+%d parameters, %.0f MB, predict %.0f/s%n",
                        parts[0],
                        seed,
                        result.learningRate(),
                        Metrics.all(targets, predictions.answers(false), false).get("accuracy"),
                        result.trainSeconds(),
                        wall,
                        result.methodParameters(),
                        result.normParameters(),
                        result.headParameters(),
                        result.peakMemoryBytes() / 1e6,
                        predictions.examplesPerSecond());
            }
        }
    }

    private static Encoded encode(Task task, List<Example> examples) throws Exception {
        try (JsonTokenizer tokenizer = new JsonTokenizer(Known.tokenizerJson("minilm-l6"))) {
            return new Encoded(
                    examples.stream().map(Example::id).toList(),
                    tokenizer.encode(examples.stream().map(Example::first).toList(), null, 64),
                    examples.stream()
                            .mapToDouble(e -> task.labels().indexOf(e.label()))
                            .toArray());
        }
    }
}
