package dev.fewtune.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.task.FileTask;
import dev.fewtune.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatingTest {
    @ParameterizedTest
    @CsvSource({
        "rte, 2, '', sentence1: {1} sentence2: {2}, rte",
        "rte, 1, '', sentence: {1},",
        "sst2, 2, '', sentence1: {1} sentence2: {2},",
        "superglue-wic, 3, '', sentence1: {1} sentence2: {2} word: {3}, superglue-wic",
        "own, 3, '', sentence1: {1} sentence2: {2} sentence3: {3},",
        "own, 2, mnli, premise: {1} hypothesis: {2}, mnli",
        "rte, 2, is {c1} so?, is {c1} so?,"
    })
    void isTheOneThatIsSaidOrKnownOrFitsAll(String task, int texts, String said, String template, String known) {
        Templating templating = new Templating(task(task, texts, said), model("t5", false), false);
        assertThat(templating.of(false).text()).isEqualTo(template);
        assertThat(templating.known().orElse(null)).isEqualTo(known);
    }

    @Test
    void whatIsNotSaidEndsWhereAModelAnswers() {
        assertThat(new Templating(task("cola", 1, ""), model("llama", true), false)
                        .of(false)
                        .text())
                .isEqualTo("sentence: {1} Label : ");
        assertThat(new Templating(task("own", 1, "so {c1}"), model("llama", true), false)
                        .of(false)
                        .text())
                .isEqualTo("so {c1}");
        assertThat(new Templating(task("own", 1, ""), model("bert", false), false)
                        .of(true)
                        .text())
                .isEqualTo("sentence: {1} {mask}");
    }

    @Test
    void beginsWithTheTaskWhereThatIsAskedFor() {
        assertThat(new Templating(task("cola", 1, ""), model("t5", false), true)
                        .of(false)
                        .text())
                .isEqualTo("cola sentence: {1}");
    }

    @Test
    void aHeadReadsTextsAsTheyAreUnlessATemplateWithoutMaskIsSaid() {
        assertThat(new Templating(task("rte", 2, ""), model("bert", false), false).ofHead())
                .isEmpty();
        assertThat(new Templating(task("own", 1, "{c1} {mask}"), model("bert", false), false).ofHead())
                .isEmpty();
        assertThat(new Templating(task("own", 2, "rte"), model("bert", false), false).ofHead())
                .hasValueSatisfying(template -> assertThat(template.text()).isEqualTo("sentence1: {1} sentence2: {2}"));
    }

    private static Task task(String name, int texts, String template) {
        return new FileTask(new FileTask.Source(
                name,
                Map.of("train", Path.of("train.tsv")),
                List.of("c1", "c2", "c3").subList(0, texts),
                "label",
                List.of(),
                null,
                template,
                Map.of()));
    }

    private static BackboneSpec model(String family, boolean causal) {
        return new BackboneSpec("model", "Model", family, "a test", "none", 1000, 64, 8, 40, causal, "");
    }
}
