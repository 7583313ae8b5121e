package dev.fewtune.backbone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the config.json of a Hugging Face folder. */
final class ConfigFile {
    static final String NAME = "config.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Function<ConfigFields, ModelConfig>> FAMILIES = new TreeMap<>(Map.of(
            "bert", BertConfig::bert,
            "distilbert", BertConfig::distilbert,
            "llama", LlamaConfig::llama,
            "qwen2", LlamaConfig::qwen2,
            "roberta", BertConfig::roberta,
            "t5", T5Config::of));

    private ConfigFile() {}

    /** @throws CellFailure with cause YOURS and all fields that are missing or cannot be used */
    static ModelConfig read(Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        if (!Files.isRegularFile(path)) {
            throw CellFailure.yours("%s has no %s. Maybe it is not the folder of a model.", folder, NAME);
        }
        try {
            return read(path, JSON.readTree(path.toFile()));
        } catch (JsonProcessingException e) {
            throw CellFailure.yours("%s is not good JSON: %s.", path, e.getOriginalMessage());
        }
    }

    /** All fields, as they stand there. */
    static ObjectNode tree(Path folder) throws IOException {
        return (ObjectNode) JSON.readTree(folder.resolve(NAME).toFile());
    }

    private static ModelConfig read(Path path, JsonNode root) {
        String type = root.path("model_type").asText();
        Function<ConfigFields, ModelConfig> family = FAMILIES.get(type);
        if (family == null) {
            throw CellFailure.yours(
                    "%s: model_type is %s; known are %s.",
                    path, root.get("model_type"), String.join(", ", FAMILIES.keySet()));
        }
        Faults faults = new Faults();
        ModelConfig config = null;
        try {
            config = family.apply(new ConfigFields(root, faults));
        } catch (IllegalArgumentException e) {
            if (faults.none()) {
                faults.add("%s", e.getMessage());
            }
        }
        faults.throwAsYours("%s (model_type %s) cannot be used:", path, type);
        return config;
    }
}
