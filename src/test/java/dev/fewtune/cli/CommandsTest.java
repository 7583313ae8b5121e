package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.step.Catalogs;
import dev.fewtune.workflow.SchemaWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that need no server. */
class CommandsTest {
    private static final String SMALL = "workflows/small.yaml";
    private static final ObjectMapper JSON = new ObjectMapper();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void helpNamesEveryCommandAndTheWayToTheServer() {
        assertThat(run("--help")).isZero();
        assertThat(out())
                .contains("serve", "run", "plan", "validate", "methods", "backbones", "tasks", "schema", "runs")
                .contains("board", "retry", "watch", "cancel", "http://localhost:8080");
    }

    @Test
    void listsMethodsWithTheirSettings() throws IOException {
        assertThat(run("methods")).isZero();
        assertThat(out()).contains("lora").contains("rank = 8").contains("houlsby");
        assertThat(json("methods").findValuesAsText("name")).contains("lora", "bitfit", "rank");
    }

    @Test
    void saysOfEachMethodWhatItTrainsAndWhatBecomesOfIt() throws IOException {
        for (JsonNode method : json("methods")) {
            String name = method.get("name").asText();
            for (String field : List.of("idea", "trains", "memory")) {
                assertThat(method.get(field).asText()).as(name + " " + field).matches("[A-Z(].+[.]");
            }
            assertThat(method.get("fold").asText()).as(name).isIn("STAYS", "MERGES", "COLLAPSES");
            assertThat(method.get("url").asText()).as(name).startsWith("https://");
        }
    }

    @Test
    void saysWhatAFolderOfPeftHolds() throws IOException {
        String lora = "src/test/resources/peft/bert/lora";
        assertThat(run("adapter", "inspect", lora)).isZero();
        assertThat(out())
                .contains("LORA, read as lora: 192 parameters in 8 tensors")
                .contains("rank: 2");
        assertThat(json("adapter", "inspect", lora).get("method").asText()).isEqualTo("lora");
    }

    @Test
    void saysWhyAFolderIsNoneOfPeft() {
        assertThat(run("adapter", "inspect", folder.toString())).isEqualTo(1);
        assertThat(err()).contains(folder + " has no adapter_config.json. Maybe");
        assertThat(run("adapter", "import", folder.toString(), "--backbone", "minilm-l6", "--task", "wordnet-hypernym"))
                .isEqualTo(1);
        assertThat(err()).contains("has no adapter_config.json");
    }

    @Test
    void exportsIntoNoFolderThatIsThere() {
        assertThat(run("adapter", "export", "1", "0", folder.toString())).isEqualTo(2);
        assertThat(err()).contains(folder + " is there already. Maybe another name.");
    }

    @Test
    void listsBackbones() throws IOException {
        assertThat(run("backbones")).isZero();
        assertThat(out()).contains("minilm-l6").contains("parameters");
        assertThat(json("backbones").findValuesAsText("name")).contains("minilm-l6");
    }

    @Test
    void listsTasksWithTheirClasses() throws IOException {
        assertThat(run("tasks")).isZero();
        assertThat(out()).contains("wordnet-supersense").contains("24 classes");
        assertThat(json("tasks").findValuesAsText("name")).contains("wordnet-hypernym");
    }

    @Test
    void printsTheSchemaOfWorkflows() throws IOException {
        assertThat(run("schema")).isZero();
        assertThat(JSON.readTree(out())).isEqualTo(JSON.readTree(SchemaWriter.write(Catalogs.builtIn())));
    }

    @Test
    void plansTheCellsWithTheGivenInputs() throws IOException {
        assertThat(run("plan", SMALL, "--input", "seeds=1,2,3")).isZero();
        assertThat(out())
                .contains("tune[method=lora,task=wordnet-supersense,seed=3]")
                .contains("control, added by Fewtune");
        assertThat(json("plan", SMALL).get("cells").size()).isEqualTo(6);
    }

    @Test
    void saysThatAFileIsValid() throws IOException {
        assertThat(run("validate", SMALL)).isZero();
        assertThat(out()).contains("workflows/small.yaml is valid: 6 cells.");
        JsonNode checked = json("validate", SMALL);
        assertThat(checked.get("valid").asBoolean()).isTrue();
        assertThat(checked.get("problems")).isEmpty();
        assertThat(checked.at("/plan/name").asText()).isEqualTo("small");
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "plan", "run"})
    void tellsProblemsAsJsonWhereItIsAskedTo(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), """
                schema: fewtune/v1
                name: wrong
                steps:
                  tune:
                    uses: fine-tun
                """);

        assertThat(run(command, file.toString())).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err()).contains("wrong.yaml:5:").contains("Maybe: fine-tune");

        out.reset();
        assertThat(run(command, file.toString(), "--json")).isEqualTo(2);
        JsonNode problem = JSON.readTree(out()).at("/problems/0");
        assertThat(JSON.readTree(out()).get("valid").asBoolean()).isFalse();
        assertThat(problem.get("file").asText()).isEqualTo(file.toString());
        assertThat(problem.get("line").asInt()).isEqualTo(5);
        assertThat(problem.get("column").asInt()).isEqualTo(11);
        assertThat(problem.get("code").asText()).startsWith("unknown");
        assertThat(problem.get("message").asText()).contains("fine-tun");
        assertThat(problem.get("maybe").asText()).contains("fine-tune");
    }

    @Test
    void namesAMissingFileAndTheFolderItWasSoughtFrom() throws IOException {
        assertThat(run("run", "no/such.yaml")).isEqualTo(2);
        assertThat(err())
                .contains("There is no file no/such.yaml.")
                .contains(Path.of("").toAbsolutePath().toString());
        assertThat(run("validate", "no/such.yaml", "--json")).isEqualTo(2);
        assertThat(JSON.readTree(out()).at("/problems/0/code").asText()).isEqualTo("unreadable-file");
    }

    @Test
    void refusesAnUnknownFormatAtOnceWithTheKnownOnes() {
        for (List<String> command : List.of(List.of("run", SMALL), List.of("board", "1"), List.of("watch", "1"))) {
            err.reset();
            String[] words = new String[command.size() + 2];
            command.toArray(words);
            words[command.size()] = "--format";
            words[command.size() + 1] = "xlsx";

            assertThat(run(words)).isEqualTo(2);
            assertThat(err()).contains("'xlsx' must be one of text (txt), json, csv, markdown (md), latex (tex).");
        }
    }

    @Test
    void refusesWrongUsage() {
        assertThat(run("run")).isEqualTo(2);
        assertThat(run("dance")).isEqualTo(2);
        assertThat(run("plan", SMALL, "--input", "seeds")).isEqualTo(2);
    }

    private JsonNode json(String... arguments) throws IOException {
        out.reset();
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--json";
        assertThat(run(all)).isZero();
        return JSON.readTree(out());
    }

    private int run(String... arguments) {
        return new Commands(stream(out), stream(err)).line().execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
