package dev.fewtune.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** The files of a model as its repository has them, and the door through which tests ask for it. */
final class TinyModel {
    static final String COMMIT = "1111111111111111111111111111111111111111";
    static final String LATER = "2222222222222222222222222222222222222222";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final int SIZE = 300_000;

    /** Impatient with pauses, patient with a slow machine. */
    static final Patience PATIENCE =
            new Patience(4, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(60));

    private TinyModel() {}

    /** One file of weights, and files that no backbone reads. */
    static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("README.md", bytes("about"));
        files.put("config.json", bytes("{\"model_type\":\"t5\"}"));
        files.put("tokenizer.json", bytes("{}"));
        files.put("spiece.model", weights(7, 500));
        files.put("onnx/model.onnx", bytes("other weights"));
        files.put("pytorch_model.bin", bytes("the same again"));
        files.put(WEIGHTS, weights(1, SIZE));
        return files;
    }

    static Map<String, byte[]> sharded() {
        Map<String, byte[]> files = files();
        files.remove(WEIGHTS);
        files.put("model-00001-of-00002.safetensors", weights(2, 2_000));
        files.put("model-00002-of-00002.safetensors", weights(3, 3_000));
        files.put("consolidated.safetensors", weights(4, 5_000));
        files.put(INDEX, bytes("""
                {"weight_map": {"a": "model-00001-of-00002.safetensors",
                 "b": "model-00002-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}
                """));
        return files;
    }

    static byte[] weights(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static Models models(URI endpoint, Path cache) {
        return models(cache, new HubSettings(endpoint, "", false, PATIENCE));
    }

    static Models models(Path cache, HubSettings settings) {
        return new Models(cache, settings, Clock.systemUTC());
    }

    static ModelId id(String text) {
        return ModelId.parse(text, Path.of(""));
    }

    /** The folder of the first commit in a cache. */
    static Path folder(Path cache) {
        return cache.resolve("acme--tiny").resolve(COMMIT);
    }
}
