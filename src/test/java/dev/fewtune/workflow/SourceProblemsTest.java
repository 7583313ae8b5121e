package dev.fewtune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceProblemsTest {
    private static final String SOURCES =
            "  sources: { uses: pretrain, matrix: { source: [%s] }, with: { backbone: minilm-l6 } }\n  tune:\n";

    @TempDir
    Path folder;

    @Test
    void saysThatAMethodNeedsAStepThatMakesItsSources() {
        String yaml = Texts.changed("[lora, {", "[lora, attempt, {");
        assertThat(Texts.only(yaml, "missing-need").message())
                .isEqualTo("the method attempt starts from what other tasks have learned, and tune needs no step that"
                        + " uses pretrain");
        String mended = yaml.replace("  tune:\n", SOURCES.formatted("wordnet-wic"))
                .replace(
                        "    uses: fine-tune\n    needs: [tokenize]",
                        "    uses: fine-tune\n    needs: [tokenize, sources]");
        assertThat(Texts.problems(mended)).isEmpty();
    }

    @Test
    void namesASourceThatIsNoTask() {
        String yaml = Texts.changed("  tune:\n", SOURCES.formatted("wordnet-wick"));
        Problem found = Texts.only(yaml, "unknown-task");
        assertThat(found.message()).contains("wordnet-wick");
        assertThat(Texts.place(found, yaml)).startsWith("wordnet-wick]");
    }

    @Test
    void refusesSourcesOfAnotherBackbone() {
        String yaml = Texts.changed(
                        "  tune:\n", SOURCES.formatted("wordnet-wic").replace("minilm-l6", "bert-base"))
                .replace(
                        "    uses: fine-tune\n    needs: [tokenize]",
                        "    uses: fine-tune\n    needs: [tokenize, sources]");
        assertThat(Texts.problems(yaml)).anySatisfy(problem -> assertThat(problem.message())
                .contains("several backbones [minilm-l6, bert-base]"));
    }

    @Test
    void namesARuleOfSplitsThatThereIsNot() throws IOException {
        assertThat(splits("halfed", ""))
                .contains("unknown rule of splits 'halfed'")
                .contains("halved");
        assertThat(splits("halved", ", validation: a.tsv"))
                .contains("splits (halved) makes a validation split, and files name one");
        assertThat(splits("first-1000", "")).isEmpty();
    }

    private String splits(String rule, String more) throws IOException {
        Files.writeString(folder.resolve("a.tsv"), "text\tlabel\n");
        String yaml = Texts.GOOD.replace(
                "steps:\n",
                "tasks:\n  own:\n    files: { train: a.tsv, test: a.tsv%s }\n    splits: %s\n    text: text\n    label: label\nsteps:\n"
                        .formatted(more, rule));
        return String.join(
                "\n",
                new WorkflowReader(dev.fewtune.step.Catalogs.builtIn())
                        .read("x.yaml", yaml, folder).problems().stream()
                                .map(problem -> problem.message() + " " + problem.maybe())
                                .toList());
    }
}
