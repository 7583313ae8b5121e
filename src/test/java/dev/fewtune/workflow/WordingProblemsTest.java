package dev.fewtune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.step.Catalogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a task is put into words and what a model is asked for: what is understood, and what is said of the rest, and where. */
class WordingProblemsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        for (String file : List.of("train.tsv", "test.tsv")) {
            Files.writeString(folder.resolve(file), "a\tb\tlabel\nx\ty\tyes\n");
        }
    }

    @Test
    void keepsTemplateAndVerbalizerInThePlan() {
        Plan plan = planning("template: \"{a} and {b}\", verbalizer: { yes: \"1\", no: 0 }", "")
                .plan();
        TaskFiles task = PlanJson.read(PlanJson.write(plan)).tasks().get("own");
        assertThat(task.template()).isEqualTo("{a} and {b}");
        assertThat(task.verbalizer()).isEqualTo(Map.of("yes", "1", "no", "0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "template: mrcp | unknown template 'mrcp' | mrpc | mrcp",
                "template: \"{a} {c}\" | names {c}, but the texts are [a, b] | {1} | \"{a}",
                "template: \"{a\" | { at character 1 without } | {{ | \"{a\"",
                "template: \"two words\" | no place for a text | {1} | \"two",
                "verbalizer: { yes: good } | each of two classes | `` | { yes",
                "verbalizer: { yes: good, no: good } | 'good' twice | `` | good }",
                "verbalizer: { yes: good, no: [] } | the word of no must be a word | `` | []",
                "labels: [yes, no], verbalizer: { yes: good, nein: bad } | unknown label 'nein' | `` | nein",
                "labels: [yes, no], verbalizer: { yes: good, on: bad } | no word for the label 'no' | no: no | { yes",
                "text: [a, b, c] | 3 texts; without a template | sentence3: {3} | [a, b, c]",
                "labels: [yes, no], metric: rouge-l | compares texts to be written | leave | rouge-l",
            })
    void saysWhatIsWrongAndWhere(String task, String says, String maybe, String place) {
        String yaml = yaml(task, "");
        List<Problem> problems = new WorkflowReader(Catalogs.builtIn())
                .read("x.yaml", yaml, folder)
                .problems();
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.message()).contains(says);
            assertThat(problem.maybe()).contains(maybe == null ? "" : maybe);
            assertThat(Texts.place(problem, yaml)).startsWith(place);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | objective: text-to-text | text-to-text needs a decoder, and minilm-l6 has none | head | text-to-text",
                "metric: rouge-l | objective: head | texts as labels, which the objective head | text-to-text | head",
                "metric: mse | objective: verbalizer | a verbalizer needs classes | head | verbalizer",
                "metric: rouge-l | `` | texts as labels, and minilm-l6 writes none | decoder | tokenize:",
                "`` | objective: text | one of head, text-to-text, verbalizer | `` | text",
            })
    void saysWhatAModelOrATaskCannotDo(String task, String with, String says, String maybe, String place) {
        String yaml = yaml(task, with);
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read("x.yaml", yaml, folder);
        List<Problem> problems = reading.problems().isEmpty()
                ? new Planner(Catalogs.builtIn())
                        .plan(reading.workflow(), Map.of())
                        .problems()
                : reading.problems();
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.message()).contains(says);
            assertThat(problem.maybe()).contains(maybe);
            assertThat(Texts.place(problem, yaml)).startsWith(place);
        });
    }

    private Planning planning(String task, String with) {
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read("x.yaml", yaml(task, with), folder);
        assertThat(reading.problems()).isEmpty();
        return new Planner(Catalogs.builtIn()).plan(reading.workflow(), Map.of());
    }

    private static String yaml(String task, String with) {
        String text = task.startsWith("text:") ? "" : "text: [a, b], ";
        String more = task.isEmpty() ? "" : ", " + task;
        return """
                schema: fewtune/v1
                name: wording
                tasks:
                  own: { files: { train: train.tsv, test: test.tsv }, %slabel: label%s }
                steps:
                  tokenize:
                    uses: tokenize
                    matrix: { task: [own] }
                    with: { backbone: minilm-l6%s }
                """.formatted(text, more, with.isEmpty() ? "" : ", " + with);
    }
}
