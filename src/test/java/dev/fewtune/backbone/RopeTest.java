package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RopeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"default", "linear", "llama3"})
    void turnsAsFastAsInTransformers(String kind) throws IOException {
        JsonNode expected = JSON.readTree(
                        ModelFolders.RESOURCES.resolve("rope.json").toFile())
                .get(kind);
        agrees(rope(JSON.createObjectNode().set("rope_parameters", expected.get("rope_parameters"))), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "llama3"})
    void readsTheOlderFieldsToo(String kind) throws IOException {
        JsonNode expected = JSON.readTree(
                        ModelFolders.RESOURCES.resolve("rope.json").toFile())
                .get(kind);
        ObjectNode scaling = expected.get("rope_parameters").deepCopy();
        ObjectNode root = JSON.createObjectNode();
        root.set("rope_theta", scaling.remove("rope_theta"));
        scaling.set("type", scaling.remove("rope_type"));
        agrees(rope(root.set("rope_scaling", scaling)), expected);
    }

    private static Rope rope(JsonNode config) {
        Faults faults = new Faults();
        Rope rope = Rope.of(new ConfigFields(config, faults), 512);
        assertThat(faults.none()).isTrue();
        return rope;
    }

    private static void agrees(Rope rope, JsonNode expected) {
        double[] found = rope.frequencies(16);
        assertThat(found).hasSize(8);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i])
                    .isCloseTo(expected.get("frequencies").get(i).asDouble(), Percentage.withPercentage(1e-4));
        }
    }
}
