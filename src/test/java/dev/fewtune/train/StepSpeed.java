package dev.fewtune.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.NewFolder;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import dev.fewtune.task.Example;
import dev.fewtune.task.Task;
import dev.fewtune.task.Tasks;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.text.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/**
 * The engine beside PyTorch on the same shapes, in turns. Surefire does not find it by its name; run it on a quiet machine
 * with {@code ./mvnw test -Pbench -Dbench.python=/path/to/python}, which has torch, transformers and peft. Writes
 * target/bench/speed.json. Without a Python there are our figures alone.
 */
class StepSpeed {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = 2;
    private static final int STEPS = 8;
    private static final int ROWS = 16;
    private static final int SOURCE = 128;
    private static final int PROMPT = 100;
    private static final int TARGET = 8;
    private static final int WRITTEN = 64;

    @TempDir
    Path temp;

    private final ObjectNode figures = JSON.createObjectNode();

    @Test
    void measures() throws Exception {
        Path t5 = t5Small();
        Path rows = wordNetRows(2000);
        for (int round = 0; round < ROUNDS; round++) {
            promptTuning(t5, Precision.F32, "prompt tuning, T5-small, f32: steps/s");
            promptTuning(t5, Precision.BF16, "prompt tuning, T5-small, bf16: steps/s");
            writing(t5);
            lora(rows);
            twin(t5, rows);
        }
        ratios();
        Path out = Files.createDirectories(Path.of("target/bench")).resolve("speed.json");
        Files.writeString(out, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(figures));
        System.out.println(Files.readString(out));
    }

    private void promptTuning(Path folder, Precision precision, String name) {
        try (Learner<TFloat32> learner = learner(folder, precision, 1)) {
            Batch batch = batch();
            for (int i = 0; i < 3; i++) {
                learner.step(batch, 0.3, i);
            }
            double[] took = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                long began = System.nanoTime();
                learner.step(batch, 0.3, 3 + i);
                took[i] = (System.nanoTime() - began) / 1e9;
            }
            add(name, "fewtune", 1 / median(took));
        }
    }

    private void writing(Path folder) {
        try (Learner<TFloat32> learner = learner(folder, Precision.F32, 1)) {
            Batch batch = batch();
            learner.write(batch, () -> {});
            long began = System.nanoTime();
            int tokens = learner.write(batch, () -> {}).stream()
                    .mapToInt(found -> found.get(0).tokens().length)
                    .sum();
            add("greedy writing, T5-small: tokens/s", "fewtune", tokens / ((System.nanoTime() - began) / 1e9));
        }
    }

    /** An epoch as a user runs it, batching and validation of nothing included. */
    private void lora(Path file) throws IOException {
        Supply supply = Supply.builtIn(Path.of("target/test-home/cache"));
        Encoded rows = read(file);
        Encoded few =
                new Encoded(rows.ids().subList(0, 8), rows.tokens().subList(0, 8), Arrays.copyOf(rows.targets(), 8));
        TrainSettings training = new TrainSettings(1, 32, 5e-3, "linear", 0.1, 0.01, 0.1, 1, "mean", true, 0);
        TrainRequest request = new TrainRequest("minilm-l6", "lora", Map.of(), 24, false, "accuracy", training, 1);
        Path out = Files.createTempDirectory(temp, "lora");
        TrainResult result =
                new Trainer(supply).run(request, rows, few, (t, p) -> 0, out, out.resolve("kept"), Progress.SILENT);
        add("LoRA epoch, MiniLM, WordNet lengths: examples/s", "fewtune", result.examplesPerSecond());
    }

    private void twin(Path t5, Path rows) throws IOException, InterruptedException {
        String python = System.getProperty("bench.python", "");
        if (python.isEmpty()) {
            return;
        }
        Path out = temp.resolve("twin.json");
        int code = new ProcessBuilder(
                        python, "src/test/reference/speed.py", t5.toString(), rows.toString(), out.toString())
                .redirectErrorStream(true)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("speed.py ended with %s.".formatted(code));
        }
        JSON.readTree(out.toFile())
                .properties()
                .forEach(
                        entry -> add(entry.getKey(), "pytorch", entry.getValue().asDouble()));
    }

    private void ratios() {
        for (Map.Entry<String, JsonNode> entry : figures.properties()) {
            JsonNode row = entry.getValue();
            if (row.has("fewtune") && row.has("pytorch")) {
                ((ObjectNode) row).put("ratio", best(row.get("fewtune")) / best(row.get("pytorch")));
            }
        }
    }

    private void add(String name, String who, double figure) {
        figures.withObject("/" + name.replace("/", "~1")).withArray(who).add(figure);
    }

    private static double best(JsonNode rounds) {
        double best = 0;
        for (JsonNode round : rounds) {
            best = Math.max(best, round.asDouble());
        }
        return best;
    }

    private Learner<TFloat32> learner(Path folder, Precision precision, long seed) {
        FolderBackbone backbone = FolderBackbone.open("t5-small", folder, "speed");
        var method = Methods.named("prompt-tuning");
        Settings settings = Settings.of(method.spec().settings(), Map.of("length", (long) PROMPT));
        return new Learner<>(
                TFloat32.class,
                backbone,
                method,
                settings,
                new Model.Task(2, false, "mean", 0, true, 0, 0, precision, Aim.textToText(WRITTEN, 1)),
                new Optimizing(0, 1),
                new WeightFiles(temp.resolve("cache")).of(backbone, precision),
                seed);
    }

    private static Batch batch() {
        List<String> ids = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        List<int[]> written = new ArrayList<>();
        KeyedRandom random = new KeyedRandom(1, "speed");
        for (int row = 0; row < ROWS; row++) {
            ids.add(Integer.toString(row));
            tokens.add(new Tokens(numbers(random, SOURCE), new int[SOURCE], false));
            written.add(numbers(random, TARGET));
        }
        return Batch.of(
                new Encoded(ids, tokens, new double[ROWS], written),
                IntStream.range(0, ROWS).toArray());
    }

    private static int[] numbers(KeyedRandom random, int count) {
        return IntStream.range(0, count).map(i -> 2 + random.nextInt(32_000)).toArray();
    }

    private Path t5Small() throws IOException {
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", "t5")
                .put("vocab_size", 32_128)
                .put("d_model", 512)
                .put("d_kv", 64)
                .put("d_ff", 2048)
                .put("num_layers", 6)
                .put("num_heads", 8)
                .put("feed_forward_proj", "relu")
                .put("dropout_rate", 0.0)
                .put("is_encoder_decoder", true)
                .put("pad_token_id", 0)
                .put("eos_token_id", 1)
                .put("decoder_start_token_id", 0);
        config.putArray("architectures").add("T5ForConditionalGeneration");
        Path folder = temp.resolve("t5-small");
        NewFolder.blank(folder, config, "{}", Map.of(), 1);
        return folder;
    }

    /** Token rows of WordNet's definitions, one JSON object a line. */
    private Path wordNetRows(int count) throws IOException {
        Task task = new Tasks().open("wordnet-supersense");
        List<Example> examples = task.sample("train", count, 42);
        byte[] json = Known.tokenizerJson("minilm-l6").getBytes(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        try (Tokenizer tokenizer = TokenizerJson.read("minilm-l6", new ByteArrayInputStream(json))) {
            List<Tokens> tokens =
                    tokenizer.encode(examples.stream().map(Example::first).toList(), null, 64);
            for (int i = 0; i < count; i++) {
                ObjectNode row = JSON.createObjectNode()
                        .put("target", task.labels().indexOf(examples.get(i).label()));
                Arrays.stream(tokens.get(i).ids()).forEach(row.withArray("ids")::add);
                lines.add(row.toString());
            }
        }
        return Files.write(temp.resolve("rows.jsonl"), lines);
    }

    private static Encoded read(Path file) throws IOException {
        List<String> ids = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        List<Double> targets = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = JSON.readTree(line);
            int[] numbers = new int[row.get("ids").size()];
            Arrays.setAll(numbers, i -> row.get("ids").get(i).asInt());
            ids.add(Integer.toString(ids.size()));
            tokens.add(new Tokens(numbers, new int[numbers.length], false));
            targets.add(row.get("target").asDouble());
        }
        return new Encoded(
                ids, tokens, targets.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
