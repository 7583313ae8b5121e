package dev.fewtune.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads YAML; merge keys are resolved here, because YAML 1.2 left them out and compose files use them. */
final class YamlFile {
    private static final String MERGE = "<<";

    private YamlFile() {}

    static List<JsonNode> documents(Path file) throws IOException {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new CoreSchema()).build();
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Load(settings).loadAllFromString(Files.readString(file))) {
            JsonNode node = new ObjectMapper().valueToTree(document);
            merge(node);
            documents.add(node);
        }
        return documents;
    }

    static JsonNode first(Path file) throws IOException {
        return documents(file).get(0);
    }

    /** Names of all leaves, such as {@code quarkus.http.host}. */
    static Set<String> properties(Path file) throws IOException {
        Set<String> names = new TreeSet<>();
        collect("", first(file), names);
        return names;
    }

    private static void merge(JsonNode node) {
        node.forEach(YamlFile::merge);
        if (node instanceof ObjectNode object && object.get(MERGE) instanceof ObjectNode parent) {
            object.remove(MERGE);
            parent.properties().forEach(field -> object.putIfAbsent(field.getKey(), field.getValue()));
        }
    }

    private static void collect(String prefix, JsonNode node, Set<String> names) {
        if (!node.isObject()) {
            names.add(prefix);
            return;
        }
        node.properties()
                .forEach(field -> collect(
                        prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(), field.getValue(), names));
    }
}
