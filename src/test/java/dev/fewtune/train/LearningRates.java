package dev.fewtune.train;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Progress;
import dev.fewtune.text.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A bench for the methods' default learning rates, not a test: trains on definitions of WordNet nouns and prints
 * accuracies. Arguments: cache folder, method, seeds, then learning rates.
 */
public final class LearningRates {
    private static final int CLASSES = 24;

    private LearningRates() {}

    public static void main(String[] arguments) throws IOException {
        Path cache = Path.of(arguments[0]);
        Encoded train = nouns("train", 2000);
        Encoded validation = nouns("validation", 400);
        Encoded test = nouns("test", 2000);
        Supply supply = Supply.builtIn(cache);
        for (String rate : List.of(arguments).subList(3, arguments.length)) {
            for (String seed : arguments[2].split(",")) {
                TrainRequest request = request(arguments[1], Double.parseDouble(rate), Long.parseLong(seed));
                Path out = Files.createTempDirectory("rates");
                long begin = System.nanoTime();
                TrainResult result = new Trainer(supply)
                        .run(request, train, validation, LearningRates::accuracy, out, out, Progress.SILENT);
                double all = (System.nanoTime() - begin) / 1e9;
                try (Predictor predictor = new Predictor(supply, request, out.resolve(Trainer.ADAPTER))) {
                    Predictor.Answer answer = predictor.predict(test, 64, Progress.SILENT);
                    System.out.printf(
                            "%-14s lr %-8s seed %s  validation %.3f  test %.4f  method %,d norms %,d head %,d  steps %.1f s (%.0f ms each), all %.1f s, padding %.2f, %.0f ex/s predicted, %d MB%n",
                            arguments[1],
                            rate,
                            seed,
                            result.curve().get(0).score(),
                            accuracy(test.targets(), Outputs.predictions(answer.outputs(), false)),
                            result.methodParameters(),
                            result.normParameters(),
                            result.headParameters(),
                            result.trainSeconds(),
                            1000 * result.trainSeconds() / result.steps(),
                            all,
                            result.paddingShare(),
                            answer.examplesPerSecond(),
                            result.peakMemoryBytes() >> 20);
                }
            }
        }
    }

    static TrainRequest request(String method, double rate, long seed) {
        TrainSettings training = new TrainSettings(1, 32, rate, "linear", 0.1, 0.01, 0.1, 1.0, "mean", true, 0);
        return new TrainRequest("minilm-l6", method, Map.of(), CLASSES, false, "accuracy", training, seed);
    }

    static double accuracy(double[] targets, double[] predictions) {
        int right = 0;
        for (int i = 0; i < targets.length; i++) {
            right += targets[i] == predictions[i] ? 1 : 0;
        }
        return (double) right / targets.length;
    }

    private record Noun(String id, String definition, int number) {}

    private static Encoded nouns(String split, int size) throws IOException {
        List<Noun> chosen = nouns().stream()
                .filter(noun -> split.equals(part(noun.definition())))
                .sorted(Comparator.comparingLong(noun -> new KeyedRandom(7, noun.id()).nextLong()))
                .limit(size)
                .toList();
        try (InputStream json = resource("all-minilm-l6-v2-tokenizer.json");
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                        json, Map.of("maxLength", "64", "truncation", "true", "padding", "false"))) {
            List<Tokens> tokens = new ArrayList<>();
            for (Noun noun : chosen) {
                Encoding encoding = tokenizer.encode(noun.definition());
                int[] ids = Arrays.stream(encoding.getIds())
                        .mapToInt(id -> (int) id)
                        .toArray();
                tokens.add(new Tokens(ids, new int[ids.length], false));
            }
            return new Encoded(
                    chosen.stream().map(Noun::id).toList(),
                    tokens,
                    chosen.stream().mapToDouble(Noun::number).toArray());
        }
    }

    private static String part(String definition) {
        int slot = new KeyedRandom(3, definition).nextInt(10);
        return slot == 0 ? "test" : slot == 1 ? "validation" : "train";
    }

    private static List<Noun> nouns() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                resource("net/sf/extjwnl/data/wordnet/wn31/data.noun"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith(" ") && line.contains("| "))
                    .map(line -> new Noun(
                            line.substring(0, 8),
                            line.substring(line.indexOf("| ") + 2)
                                    .split("; \"")[0]
                                    .strip(),
                            number(Integer.parseInt(line.substring(9, 11)))))
                    .filter(noun -> noun.number() >= 0)
                    .toList();
        }
    }

    /** Lexicographer files 3 to 28 without Tops (3) and motive (16). */
    private static int number(int file) {
        if (file == 3 || file == 16) {
            return -1;
        }
        return file < 16 ? file - 4 : file - 5;
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = LearningRates.class.getClassLoader().getResourceAsStream(name);
        if (stream == null) {
            throw new IOException(name + " is not on the class path.");
        }
        return stream;
    }
}
