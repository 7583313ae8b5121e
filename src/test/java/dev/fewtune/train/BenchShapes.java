package dev.fewtune.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.backbone.NewFolder;
import dev.fewtune.spec.KeyedRandom;
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

/** Networks of well-known shapes with random weights, and texts for them. */
final class BenchShapes {
    static final int ROWS = 16;
    static final int SOURCE = 128;
    static final int PROMPT = 100;
    static final int TARGET = 8;
    /** Of WordNet's supersenses. */
    static final int CLASSES = 24;

    private static final int VOCABULARY = 32_128;
    private static final ObjectMapper JSON = new ObjectMapper();

    private BenchShapes() {}

    static Path t5Small(Path folder) throws IOException {
        return t5(folder, 512, 2048, 6, 8);
    }

    static Path t5Base(Path folder) throws IOException {
        return t5(folder, 768, 3072, 12, 12);
    }

    /** One batch of random tokens, as long as they can be. */
    static Batch batch() {
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

    /** One text of two tokens, for which one of two is written. */
    static Encoded few() {
        return new Encoded(
                List.of("0"),
                List.of(new Tokens(new int[] {5, 6}, new int[2], false)),
                new double[1],
                List.of(new int[] {7, 1}));
    }

    /** Token rows of WordNet's definitions, one JSON object a line. */
    static Path wordNetRows(Path file, int count) throws IOException {
        Task task = new Tasks().open("wordnet-supersense");
        List<Example> examples = task.sample("train", count, 42);
        byte[] json = Known.tokenizerJson("minilm-l6").getBytes(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        try (Tokenizer tokenizer = TokenizerJson.read("minilm-l6", new ByteArrayInputStream(json))) {
            List<Tokens> tokens =
                    tokenizer.encode(examples.stream().map(Example::first).toList(), null, 64);
            for (int i = 0; i < tokens.size(); i++) {
                ObjectNode row = JSON.createObjectNode()
                        .put("target", task.labels().indexOf(examples.get(i).label()));
                Arrays.stream(tokens.get(i).ids()).forEach(row.withArray("ids")::add);
                lines.add(row.toString());
            }
        }
        return Files.write(file, lines);
    }

    static Encoded read(Path file) throws IOException {
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

    private static int[] numbers(KeyedRandom random, int count) {
        return IntStream.range(0, count).map(i -> 2 + random.nextInt(32_000)).toArray();
    }

    private static Path t5(Path folder, int width, int inner, int layers, int heads) throws IOException {
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", "t5")
                .put("vocab_size", VOCABULARY)
                .put("d_model", width)
                .put("d_kv", 64)
                .put("d_ff", inner)
                .put("num_layers", layers)
                .put("num_heads", heads)
                .put("feed_forward_proj", "relu")
                .put("dropout_rate", 0.0)
                .put("is_encoder_decoder", true)
                .put("pad_token_id", 0)
                .put("eos_token_id", 1)
                .put("decoder_start_token_id", 0);
        config.putArray("architectures").add("T5ForConditionalGeneration");
        NewFolder.blank(folder, config, "{}", Map.of(), 1);
        return folder;
    }
}
