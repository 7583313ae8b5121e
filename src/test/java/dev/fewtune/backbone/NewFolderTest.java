package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewFolderTest {
    private static final String TOKENIZER = "{\"version\": \"1.0\"}";

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "bert", "roberta", "llama"})
    void aNewNetworkHasTheTensorsOfItsConfigurationAndSurvivesTheWayOutAndBack(String model) throws IOException {
        Path blank = temp.resolve("blank");
        NewFolder.blank(blank, config(model), TOKENIZER, Map.of("pad_token", "<pad>"), 7);
        Safetensors first = converted(blank, "first");

        NewFolder.trained(blank, first, temp.resolve("trained"));

        Safetensors again = converted(temp.resolve("trained"), "again");
        assertThat(again.names()).containsExactlyInAnyOrderElementsOf(first.names());
        first.names().forEach(name -> assertThat(again.bytes(name)).isEqualTo(first.bytes(name)));
        assertThat(temp.resolve("trained/tokenizer.json")).hasContent(TOKENIZER);
        assertThat(Files.readString(temp.resolve("trained/tokenizer_config.json")))
                .contains("<pad>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0"})
    void drawsMatricesAsTheReleasedT5AndFillsNormsWithOnes(String model) throws IOException {
        JsonNode config = config(model);
        ((com.fasterxml.jackson.databind.node.ObjectNode) config)
                .put("d_model", 64)
                .put("d_kv", 16)
                .put("d_ff", 128)
                .put("num_heads", 4)
                .put("vocab_size", 500);
        NewFolder.blank(temp.resolve("a"), config, TOKENIZER, Map.of(), 7);
        NewFolder.blank(temp.resolve("b"), config, TOKENIZER, Map.of(), 7);
        NewFolder.blank(temp.resolve("c"), config, TOKENIZER, Map.of(), 8);
        Safetensors made = converted(temp.resolve("a"), "made");

        assertThat(deviation(made, "shared.tokens.weight")).isCloseTo(1, within(0.05));
        assertThat(deviation(made, "encoder.0.query.weight")).isCloseTo(1 / 32.0, within(0.003));
        assertThat(deviation(made, "encoder.0.key.weight")).isCloseTo(1 / 8.0, within(0.01));
        assertThat(deviation(made, "decoder.0.output.weight")).isCloseTo(1 / Math.sqrt(128), within(0.01));
        assertThat(numbers(made, "encoder.final_norm.scale")).containsOnly(1f);
        assertThat(temp.resolve("b/model.safetensors")).hasSameBinaryContentAs(temp.resolve("a/model.safetensors"));
        assertThat(Files.mismatch(temp.resolve("a/model.safetensors"), temp.resolve("c/model.safetensors")))
                .isPositive();
    }

    private static JsonNode config(String model) throws IOException {
        return new ObjectMapper().readTree(NewFolderTest.class.getResource("/models/" + model + "/config.json"));
    }

    private Safetensors converted(Path folder, String name) throws IOException {
        Path file = temp.resolve(name + ".safetensors");
        FolderBackbone.open(name, folder).convert(file);
        return Safetensors.open(file);
    }

    private static double deviation(Safetensors file, String name) {
        List<Float> numbers = numbers(file, name);
        return Math.sqrt(numbers.stream().mapToDouble(x -> x * x).average().orElseThrow());
    }

    private static List<Float> numbers(Safetensors file, String name) {
        ByteBuffer bytes = file.bytes(name);
        List<Float> numbers = new ArrayList<>();
        while (bytes.hasRemaining()) {
            numbers.add(bytes.getFloat());
        }
        return numbers;
    }
}
