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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The workflows that come with the program, and the schema of all. */
class ShippedWorkflowsTest {
    @TempDir
    Path folder;

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
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read(file.toString(), yaml, data(yaml));
        assertThat(reading.problems()).isEmpty();
        assertThat(errors(yaml)).isEmpty();
    }

    /** A folder with an empty file of each name. */
    private Path data(String yaml) throws IOException {
        for (java.util.regex.MatchResult name :
                Pattern.compile("data/[\\w/]+\\.tsv").matcher(yaml).results().toList()) {
            Path file = folder.resolve(name.group());
            Files.createDirectories(file.getParent());
            if (Files.notExists(file)) {
                Files.createFile(file);
            }
        }
        return folder;
    }

    @Test
    void plansThePapersProtocolOnAnyT5() throws IOException {
        String yaml = Files.readString(Path.of("workflows/peft-benchmark-t5.yaml"));
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read("benchmark.yaml", yaml, data(yaml));
        String t5 =
                Path.of("src/test/resources/models/t5-v1_1").toAbsolutePath().toString();
        Planning planning = new Planner(Catalogs.builtIn()).plan(reading.workflow(), Map.of("backbone", t5));
        assertThat(planning.problems()).isEmpty();
        assertThat(planning.plan().cells().stream()
                        .collect(Collectors.groupingBy(PlannedCell::step, Collectors.counting())))
                .containsAllEntriesOf(Map.of(
                        "sources",
                        6L,
                        "attention",
                        1L,
                        "shared",
                        1L,
                        "tokenize",
                        13L,
                        "spot",
                        39L,
                        "attempt",
                        39L,
                        "mpt",
                        39L,
                        "plain",
                        8 * 39L));
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
        assertThat(cells("few-shot"))
                .containsAllEntriesOf(Map.of("sources", 2L, "few", 15L, "tune", 60L, "tune-full", 4L));
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
