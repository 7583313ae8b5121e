package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.GOOD;
import static dev.fewtune.workflow.Texts.problems;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.fewtune.step.Catalogs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The JSON Schema says what the reader says, as far as shapes go. */
class SchemaTest {
    private static final Path COMMITTED = Path.of("src/main/resources/schema/workflow.json");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(SchemaWriter.write(Catalogs.builtIn()), InputFormat.JSON);

    @Test
    void liesInTheRepositoryAndInTheJarAsItIsWritten() throws IOException {
        String written = SchemaWriter.write(Catalogs.builtIn()) + "\n";
        assertThat(Files.readString(COMMITTED))
                .as("java -jar target/quarkus-app/quarkus-run.jar schema > " + COMMITTED)
                .isEqualTo(written);
        try (InputStream packaged = SchemaWriter.class.getResourceAsStream("/schema/workflow.json")) {
            assertThat(new String(packaged.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(written);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fewtune.workflow.ShippedWorkflowsTest#shipped")
    void fitsTheShippedWorkflows(Path file) throws IOException {
        assertThat(errors(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "name: good             | name: Good (2. Lauf)",
                "name: good             | name: Übersicht – 転移",
                "seed: ${{ inputs.seeds }} | seed: 1",
                "seed: ${{ inputs.seeds }} | seed: [2, '${{ inputs.one }}']",
                "epochs: 1              | lr: 1",
                "epochs: 1              | epochs: '${{ inputs.one }}'",
                "needs: [tune]          | needs: tune",
                "needs: [tune]          | needs: tune~    matrix: { from: tune }",
                "needs: [tune]          | needs: tune~    if: matrix.seed == 1",
                "needs: [tune]          | needs: tune~    if: true",
                "needs: [tune]          | needs: tune~    cache: off",
                "needs: [tune]          | needs: tune~    priority: -100~    max-parallel: 10000",
                "needs: [evaluate]      | needs: [evaluate]~    matrix: none~    allow-failed: true",
                "method: ${{ inputs.methods }} | method: [lora, { big: { method: lora, rank: 64 } }]",
                "method: ${{ inputs.methods }} | method: { big: { method: lora, rank: 64 } }",
                "method: ${{ inputs.methods }} | lr: [0.1, 0.2]~      method: lora",
            })
    void takesWhatTheReaderTakes(String from, String to) throws IOException {
        String yaml = mixed(from, to);
        assertThat(problems(yaml)).isEmpty();
        assertThat(errors(yaml)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schema: fewtune/v1     | schema: fewtune/v2",
                "schema: fewtune/v1     | ''",
                "name: good             | nam: good",
                "name: good             | name: ''",
                "name: good             | name: 3",
                "name: good             | name: ' good'",
                "name: good             | 'name: \"a\\nb\"'",
                "name: good             | name: good~description: 3",
                "name: good             | name: good~description: ''",
                "name: good             | name: good~defaults: {}",
                "name: good             | name: good~tasks: []",
                "one: { type: integer   | one: { type: integer, of: integer",
                "one: { type: integer   | one: { type: int",
                "one: { type: integer   | one: { typ: integer",
                "one: { type: integer   | one: { type: list",
                "one: { type: integer   | 'o ne: { type: integer'",
                "default: 1 }           | default: one }",
                "default: 1 }           | default: 1.5 }",
                "default: 1 }           | default: [1] }",
                "default: 1 }           | default: ~ }",
                "default: 1 }           | default: 1, description: 3 }",
                "default: [1, 2]        | default: 1",
                "default: [1, 2]        | default: [1, two]",
                "default: [lora         | default: [3",
                "rank: 64               | rank: 64 }, other: { method: lora",
                "'method: lora, rank: 64' | 'rank: 64'",
                "'method: lora, rank: 64' | 'method: 3, rank: 64'",
                "lora-big               | 'lora,big'",
                "uses: tokenize         | ''",
                "uses: tokenize         | uses: tokenise",
                "uses: tokenize         | uses: tokenize~    timeout: 6h",
                "uses: tokenize         | uses: tokenize~    retry: { max: 2 }",
                "uses: tokenize         | uses: tokenize~    resources: { gpu: 1 }",
                "uses: tokenize         | uses: tokenize~    checkpoint: { every: 2 }",
                "uses: tokenize         | uses: tokenize~    cache: use",
                "uses: tokenize         | uses: tokenize~    priority: 101",
                "uses: tokenize         | uses: tokenize~    priority: high",
                "uses: tokenize         | uses: tokenize~    max-parallel: 0",
                "uses: tokenize         | uses: tokenize~    max-parallel: 10001",
                "uses: tokenize         | uses: tokenize~    allow-failed: 1",
                "uses: tokenize         | uses: tokenize~    if: 3",
                "uses: tokenize         | uses: tokenize~    if: ''",
                "uses: tokenize         | uses: tokenize~    if: ~",
                "needs: [tune]          | needs: []",
                "needs: [tune]          | needs: [tune, tune]",
                "needs: [tune]          | needs: [3]",
                "needs: [tune]          | needs: { a: b }",
                "needs: [tune]          | neds: [tune]",
                "needs: [tune]          | needs: [tune]~    matrix: {}",
                "needs: [tune]          | needs: [tune]~    matrix: all",
                "needs: [tune]          | needs: [tune]~    matrix: { from: 3 }",
                "needs: [tune]          | needs: [tune]~    matrix: { from: tune, seed: 1 }",
                "needs: [tune]          | needs: [tune]~    with: []",
                "needs: [tune]          | needs: [tune]~    with: { split: train }",
                "needs: [tune]          | needs: [tune]~    with: { split: ~ }",
                "needs: [tune]          | needs: [tune]~    with: { spilt: test }",
                "needs: [evaluate]      | needs: [evaluate]~    matrix: { from: evaluate }",
                "needs: [evaluate]      | needs: [evaluate]~    matrix: { seed: 1 }",
                "seed: ${{ inputs.seeds }} | seed: []",
                "seed: ${{ inputs.seeds }} | seed: ~",
                "seed: ${{ inputs.seeds }} | seed: [1, ~]",
                "seed: ${{ inputs.seeds }} | seed: [1, 1]",
                "seed: ${{ inputs.seeds }} | seed: [one]",
                "seed: ${{ inputs.seeds }} | seed: [1.5]",
                "seed: ${{ inputs.seeds }} | seed: { a: b }",
                "seed: ${{ inputs.seeds }} | seed: 1~      a b: 2",
                "seed: ${{ inputs.seeds }} | seed: 1~      lr: [0.1, 100]",
                "seed: ${{ inputs.seeds }} | seed: 1~      lr: fast",
                "seed: ${{ inputs.seeds }} | seed: 1~      exclude: { seed: 1 }",
                "seed: ${{ inputs.seeds }} | seed: 1~      exclude: [3]",
                "seed: ${{ inputs.seeds }} | seed: 1~      exclude: []",
                "seed: ${{ inputs.seeds }} | seed: 1~      exclude: [{}]",
                "seed: ${{ inputs.seeds }} | seed: 1~      include: []",
                "seed: ${{ inputs.seeds }} | seed: 1~      include: [{}]",
                "seed: ${{ inputs.seeds }} | seed: 1~      include: [{ epochs: ~ }]",
                "method: ${{ inputs.methods }} | method: 3",
                "method: ${{ inputs.methods }} | method: [{ a: { method: lora }, b: { method: lora } }]",
                "method: ${{ inputs.methods }} | method: [{ a: { rank: 3 } }]",
                "epochs: 1              | epochs: 0",
                "epochs: 1              | epochs: 1.5",
                "epochs: 1              | lr: 100",
                "epochs: 1              | lr: fast",
                "epochs: 1              | schedule: steep",
                "epochs: 1              | select: 3",
                "'  board:'             | '  bo ard:'",
            })
    void refusesWhatTheReaderRefusesByShape(String from, String to) throws IOException {
        String yaml = mixed(from, to);
        assertThat(problems(yaml)).isNotEmpty();
        assertThat(errors(yaml)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "own:          | 'a,b:'",
                "test: b.tsv   | test: b.txt",
                "test: b.tsv   | test: 3",
                "test: b.tsv   | tset: b.tsv",
                "', test: b.tsv' | ''",
                "text: text    | text: []",
                "text: text    | text: [a, b, c]",
                "text: text    | text: [a, a]",
                "text: text    | text: [~]",
                "text: text    | txt: text",
                "label: label  | label: 3",
                "label: label  | 'label: label, labels: []'",
                "label: label  | 'label: label, labels: [a]'",
                "label: label  | 'label: label, labels: [a, a]'",
                "label: label  | 'label: label, labels: [a, [b]]'",
                "label: label  | 'label: label, metric: acuracy'"
            })
    void refusesATaskThatTheReaderRefusesByShape(String from, String to) throws IOException {
        String task = "tasks:\n  own: { files: { train: a.tsv, test: b.tsv }, text: text, label: label }\n";
        assertThat(task).contains(from);
        assertThat(errors(GOOD.replace("steps:\n", task + "steps:\n"))).isEmpty();
        String yaml = GOOD.replace("steps:\n", task.replace(from, to) + "steps:\n");
        assertThat(problems(yaml))
                .anyMatch(
                        found -> !found.code().equals("file") || found.message().contains(".txt"));
        assertThat(errors(yaml)).isNotEmpty();
    }

    /** The good workflow with an input {@code one} and one part replaced; a tilde at the end of a word breaks the line. */
    private static String mixed(String from, String to) {
        String yaml = GOOD.replace("inputs:\n", "inputs:\n  one: { type: integer, default: 1 }\n");
        assertThat(yaml).contains(from);
        return yaml.replace(from, to.replaceAll("~(?=\\w| {4})", "\n"));
    }

    private static List<String> errors(String yaml) throws IOException {
        Object plain =
                new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
        String json = new ObjectMapper().writeValueAsString(plain);
        return SCHEMA.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
