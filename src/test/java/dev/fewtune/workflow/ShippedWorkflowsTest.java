package dev.fewtune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.fewtune.step.Catalogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The workflows that come with the program, and the schema of all. */
class ShippedWorkflowsTest {
    static List<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("workflows"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void canBePlannedAndFitTheSchema(Path file) throws IOException {
        String yaml = Files.readString(file);
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read(file.toString(), yaml, file.getParent());
        assertThat(reading.problems()).isEmpty();
        assertThat(errors(yaml)).isEmpty();
    }

    @Test
    void makeTheCellsThatTheyPromise() throws IOException {
        assertThat(cells("quickstart")).isEqualTo(Map.of("tokenize", 1L, "tune", 12L, "evaluate", 12L, "board", 1L));
        assertThat(cells("acceptance")).isEqualTo(Map.of("tokenize", 1L, "tune", 18L, "evaluate", 18L, "board", 1L));
        assertThat(cells("transfer-spot"))
                .isEqualTo(Map.of("sources", 2L, "tokenize", 1L, "tune", 10L, "evaluate", 10L, "board", 1L));
        // A head alone is a control of every step that has methods.
        assertThat(cells("transfer-attempt"))
                .containsAllEntriesOf(Map.of("sources", 2L, "attention", 2L, "tokenize", 1L, "tune", 4L, "plain", 2L));
        assertThat(cells("transfer-mpt"))
                .containsAllEntriesOf(Map.of("sources", 2L, "shared", 3L, "tokenize", 1L, "tune", 6L, "plain", 2L));
        assertThat(cells("multitask-hyperformer"))
                .isEqualTo(Map.of("tokenize", 3L, "together", 6L, "evaluate", 18L, "board", 1L));
        assertThat(cells("small")).isEqualTo(Map.of("tokenize", 1L, "tune", 2L, "evaluate", 2L, "board", 1L));
    }

    @Test
    void refuseByTheirSchemaWhatTheReaderRefuses() throws IOException {
        assertThat(errors(Texts.GOOD)).isEmpty();
        assertThat(errors(Texts.GOOD.replace("uses: evaluate", "uses: evaluat")))
                .isNotEmpty();
        assertThat(errors(Texts.GOOD.replace("name: good", "nam: good"))).isNotEmpty();
        assertThat(errors(Texts.GOOD.replace("needs: [tune]", "neds: [tune]"))).isNotEmpty();
    }

    private static Map<String, Long> cells(String name) throws IOException {
        Plan plan = Texts.plan(Files.readString(Path.of("workflows", name + ".yaml")));
        return plan.cells().stream().collect(Collectors.groupingBy(PlannedCell::step, Collectors.counting()));
    }

    private static List<String> errors(String yaml) throws IOException {
        Object plain = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode json = new ObjectMapper().valueToTree(plain);
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(SchemaWriter.write(Catalogs.builtIn()), InputFormat.JSON);
        return schema.validate(json.toString(), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
