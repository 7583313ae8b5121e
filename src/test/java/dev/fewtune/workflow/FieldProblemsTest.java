package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.changed;
import static dev.fewtune.workflow.Texts.inStep;
import static dev.fewtune.workflow.Texts.only;
import static dev.fewtune.workflow.Texts.place;
import static dev.fewtune.workflow.Texts.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.step.Catalogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No field of an input, a task or a step is silently ignored, and every name is bounded. */
class FieldProblemsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " good", "good ", "go\\u0007od", "two\\nlines", "go\\u202Eod"})
    void refusesANameThatCannotBeShown(String name) {
        String yaml = changed("name: good", "name: \"" + name + "\"");
        assertThat(place(only(yaml, "name"), yaml)).startsWith("\"" + name);
    }

    @Test
    void boundsTheNameAndTheDescription() {
        assertThat(only(changed("name: good", "name: " + "x".repeat(201)), "name")
                        .message())
                .contains("201")
                .contains("200")
                .hasSizeLessThan(200);
        assertThat(problems(changed("name: good", "name: " + "x".repeat(200)))).isEmpty();
        assertThat(problems(changed("name: good", "name: Übersicht (2. Lauf) – 転移")))
                .isEmpty();
        assertThat(only(changed("name: good", "name: good\ndescription: " + "x".repeat(2001)), "too-long")
                        .message())
                .contains("description")
                .contains("2,000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "1st", "a.b", "über"})
    void refusesAnInputThatNoExpressionCanReach(String name) {
        String yaml = changed("inputs:\n", "inputs:\n  \"" + name + "\": { type: integer, default: 1 }\n");
        Problem found = only(yaml, "name");
        assertThat(found.message()).contains("'" + name + "'").contains("input");
        assertThat(place(found, yaml)).startsWith("\"" + name);
    }

    @Test
    void boundsTheNameOfAStep() {
        assertThat(only(changed("  board:", "  " + "b".repeat(51) + ":"), "name")
                        .message())
                .contains("50");
    }

    @Test
    void refusesOfOnAnInputThatIsNoList() {
        String yaml = changed("inputs:\n", "inputs:\n  odd: { type: integer, of: integer, default: 1 }\n");
        Problem found = only(yaml, "input");
        assertThat(found.message()).contains("odd").contains("of").contains("list");
        assertThat(found.maybe()).contains("type: list");
        assertThat(place(found, yaml)).startsWith("of: integer");
    }

    @Test
    void refusesADefaultThatIsNothing() {
        String yaml = changed("inputs:\n", "inputs:\n  odd: { type: integer, default: ~ }\n");
        Problem found = only(yaml, "wrong-type");
        assertThat(found.message()).contains("default").contains("nothing");
        assertThat(place(found, yaml)).startsWith("~");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "needs: [tune, tune]       | duplicate-value | tune",
                "needs: []                 | missing-key     | needs",
                "needs: { tune: 1 }        | wrong-type      | needs",
                "max-parallel: 0           | out-of-range    | max-parallel",
                "max-parallel: 1.5         | wrong-type      | max-parallel",
                "priority: 101             | out-of-range    | priority",
                "priority: high            | wrong-type      | priority",
                "allow-failed: 1           | wrong-type      | allow-failed",
                "with: [split]             | wrong-type      | with",
                "matrix: all               | wrong-type      | matrix",
                "matrix: { from: ~ }       | wrong-type      | from",
                "matrix: { from: tune, exclude: [] } | unknown-key | exclude",
                "if: [true]                | wrong-type      | if",
                "if: ''                    | wrong-type      | if",
                "if: 3                     | wrong-type      | if"
            })
    void refusesAWrongFieldOfAStep(String field, String code, String word) {
        String yaml = inStep("evaluate", field)
                .replace("    needs: [tune]\n", field.startsWith("needs") ? "" : "    needs: [tune]\n");
        assertThat(Texts.problem(yaml, code).message()).contains(word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry: { max: 2 }          | failed in passing",
                "timeout: 6h                | cancel",
                "resources: { gpu: 1 }      | device",
                "checkpoint: { every: 200 } | checkpoint_every: 200",
                "cache: use                 | cache: off",
                "cache: refresh             | cache: off"
            })
    void saysSinceWhenAFieldIsRefusedAndWhatHappensInstead(String field, String instead) {
        String yaml = inStep("fine-tune", field);
        Problem found = only(yaml, "not-yet");
        String key = field.substring(0, field.indexOf(':'));
        assertThat(found.message()).contains(key).contains("Fewtune 0.1");
        assertThat(found.maybe()).contains(instead);
        assertThat(place(found, yaml)).startsWith(key);
        assertThat(problems(inStep("fine-tune", "cache: off"))).isEmpty();
    }

    @Test
    void saysWhatToDoWithoutDefaults() {
        String yaml = changed("steps:\n", "defaults: { timeout: 6h }\nsteps:\n");
        Problem found = only(yaml, "not-yet");
        assertThat(found.message()).contains("defaults").contains("Fewtune 0.1");
        assertThat(found.maybe()).contains("step");
        assertThat(place(found, yaml)).startsWith("defaults");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text: text                | text: []                    | wrong-type      | one or two",
                "text: text                | text: [a, b, c]             | wrong-type      | one or two",
                "text: text                | text: [a, ~]                | wrong-type      | nothing",
                "text: text                | text: { a: b }              | wrong-type      | text",
                "text: text                | text: [a, a]                | duplicate-value | 'a'",
                "text: text                | text: label                 | task            | label",
                "label: label              | label: [label]              | wrong-type      | label",
                "label: label              | label: label, labels: []    | task            | labels",
                "label: label              | label: label, labels: a     | wrong-type      | labels",
                "label: label              | label: label, labels: [a]   | task            | two",
                "label: label              | label: label, labels: [a, a, b] | duplicate-value | 'a'",
                "label: label              | label: label, labels: [a, {b: c}] | wrong-type | labels",
                "label: label              | label: label, metric: acuracy     | unknown-metric | acuracy",
                "label: label              | label: label, labels: [a, b], metric: pearson | metric | pearson",
                "test: test.tsv            | test: test.txt              | file            | .tsv",
                "test: test.tsv            | test: 3                     | wrong-type      | test",
                "', test: test.tsv'        | ''                          | missing-key     | test",
                "own:                      | 'a,b:'                      | name            | a,b",
                "own:                      | 'wordnet-wic:'              | name            | built in"
            })
    void refusesAWrongFieldOfATask(String from, String to, String code, String word) throws IOException {
        assertThat(own(OWN)).isEmpty();
        assertThat(OWN).contains(from);
        assertThat(Texts.problem(own(OWN.replace(from, to)), code).message()).contains(word);
    }

    @Test
    void takesNumbersAndWordsAsLabelsAndAnyKnownMetric() throws IOException {
        assertThat(own(OWN.replace("label: label", "label: label, labels: [0, 1], metric: f1")))
                .isEmpty();
        assertThat(own(OWN.replace("label: label", "label: label, metric: pearson")))
                .isEmpty();
    }

    @Test
    void refusesToSelectByAMetricThatTheOwnTaskCannotHave() throws IOException {
        String yaml = OWN.replace("label: label", "label: label, labels: [a, b]") + """
                  tune:
                    uses: fine-tune
                    needs: [t]
                    with: { method: lora, task: own, seed: 1, select: mse }
                """;
        assertThat(Texts.problem(own(yaml), "metric").message()).contains("mse").contains("own");
    }

    private static final String OWN = """
            schema: fewtune/v1
            name: x
            tasks:
              own: { files: { train: train.tsv, test: test.tsv }, text: text, label: label }
            steps:
              t:
                uses: tokenize
                with: { task: own, backbone: minilm-l6 }
            """;

    private List<Problem> own(String yaml) throws IOException {
        Files.writeString(folder.resolve("train.tsv"), "text\tlabel\na\tb\n");
        Files.writeString(folder.resolve("test.tsv"), "text\tlabel\na\tb\n");
        return new WorkflowReader(Catalogs.builtIn())
                .read("x.yaml", yaml.indent(0), folder)
                .problems();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs: 1 | epochs: 1, relative_step: true | relative_step (true) | optimizer: adafactor",
                "epochs: 1 | epochs: 1, optimizer: adamw, clip_threshold: 2 | clip_threshold (2.0) | optimizer: adafactor",
                "epochs: 1 | optimizer: adafactor, relative_step: true, warmup: 0.2 | warmup (0.2) | relative_step: false",
                "rank: 64  | rank: 64, scale_parameter: true | scale_parameter (true) | optimizer: adafactor",
            })
    void refusesASettingThatHasNoEffectBesideTheOthers(String from, String to, String said, String way) {
        String yaml = changed(from, to);
        Problem found = problems(yaml).get(0);
        assertThat(found.code()).isEqualTo("setting");
        assertThat(found.message()).isEqualTo("%s has an effect only with %s".formatted(said, way));
        assertThat(found.maybe()).contains(way);
    }

    @Test
    void acceptsASettingWhereItHasAnEffect() {
        assertThat(problems(changed("epochs: 1", "epochs: 1, optimizer: adafactor, relative_step: true")))
                .isEmpty();
        assertThat(problems(changed("rank: 64", "rank: 64, optimizer: adafactor, clip_threshold: 2")))
                .isEmpty();
    }
}
