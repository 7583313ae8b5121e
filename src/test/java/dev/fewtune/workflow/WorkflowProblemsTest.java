package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.GOOD;
import static dev.fewtune.workflow.Texts.problem;
import static dev.fewtune.workflow.Texts.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that can be wrong with a workflow, with its place and a way out. */
class WorkflowProblemsTest {
    @Test
    void findsNothingWrongWithAGoodWorkflow() {
        assertThat(problems(GOOD)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uses: fine-tune       | uses: fine-tun         | unknown-step-kind | fine-tun  | fine-tune",
                "needs: [tokenize]     | needs: [tokenise]      | unknown-step      | tokenise  | tokenize",
                "backbone: minilm-l6   | backbone: minilm-l7    | unknown-backbone  | minilm-l7 | minilm-l6",
                "task: [wordnet-supersense, wordnet-hypernym] }| task: [wordnet-supersens] } | unknown-task | wordnet-supersens | wordnet-supersense",
                "batch_size: 32        | batch_sise: 32         | unknown-setting   | batch_sise | batch_size"
            })
    void namesAnUnknownWordAndTheNearestKnownOne(String from, String to, String code, String word, String maybe) {
        String yaml =
                GOOD.replaceFirst(java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to));
        assertThat(yaml).isNotEqualTo(GOOD);
        Problem found = problems(yaml).stream()
                .filter(problem -> problem.message().contains("'" + word + "'"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(problems(yaml)));
        assertThat(found.code()).startsWith("unknown-");
        assertThat(found.maybe()).contains(maybe);
        assertPlace(found, yaml, word);
    }

    @Test
    void namesAnUnknownMethodWhereItIsUsed() {
        String yaml = GOOD.replace("default: [lora,", "default: [lorra,");
        Problem found = problem(yaml, "unknown-method");
        assertThat(found.message()).contains("'lorra'");
        assertThat(found.maybe()).startsWith("lora");
        assertPlace(found, yaml, "inputs.methods");
    }

    @Test
    void namesAnUnknownInputOfAnExpression() {
        String yaml = GOOD.replace("inputs.seeds }}", "inputs.sedes }}");
        Problem found = problem(yaml, "expression");
        assertThat(found.message()).contains("inputs.sedes").contains("maybe seeds");
        assertPlace(found, yaml, "sedes");
    }

    @Test
    void namesLineColumnExcerptAndCaret() {
        Problem found = problem("schema: fewtune/v1\nname: x\nsteps:\n  t:\n    uses: tokenise\n", "unknown-step-kind");
        assertThat(found.toString())
                .startsWith("x.yaml:5:11: unknown step kind 'tokenise' [unknown-step-kind]\n")
                .contains("      uses: tokenise\n            ^")
                .contains("Maybe: tokenize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1", "a: b: c", "steps:\n\tx: 1", "\"", "%YAML 9", "a: &x *y"})
    void placesBrokenYaml(String yaml) {
        assertThat(problems(yaml)).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.line()).isPositive();
            assertThat(problem.column()).isPositive();
            assertThat(problem.message()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "text", "3", "- a\n- b", "steps: {}", "null", "---\n---\n"})
    void saysThatATextIsNoWorkflow(String yaml) {
        assertThat(problems(yaml)).isNotEmpty();
    }

    @Test
    void refusesADuplicateKeyAtItsSecondPlace() {
        Problem found =
                problems("schema: fewtune/v1\nname: x\nname: y\nsteps: {}\n").get(0);
        assertThat(found.line()).isEqualTo(3);
        assertThat(found.message()).contains("name");
    }

    @Test
    void refusesUnknownKeysEverywhere() {
        assertPlace(GOOD.replace("name: good", "nam: good\nname: good"), "nam:");
        assertPlace(GOOD.replace("uses: evaluate", "use: x\n    uses: evaluate"), "use:");
        assertPlace(GOOD.replace("type: list\n", "type: list\n    defualt: 3\n"), "defualt:");
    }

    @Test
    void refusesAnotherSchema() {
        assertThat(problem(GOOD.replace("fewtune/v1", "fewtune/v9"), "schema").maybe())
                .contains("fewtune/v1");
        assertThat(problem(GOOD.replace("schema: fewtune/v1\n", ""), "missing-key")
                        .maybe())
                .contains("fewtune/v1");
    }

    @Test
    void printsThePathOfACycle() {
        String yaml = GOOD.replace("uses: tokenize", "uses: tokenize\n    needs: [board]");
        assertThat(problems(yaml)).anySatisfy(problem -> assertThat(problem.message())
                .contains("tokenize")
                .contains("board")
                .contains("evaluate")
                .contains("tune"));
    }

    @ParameterizedTest
    @CsvSource({
        "batch_size: 32, batch_size: 0",
        "batch_size: 32, batch_size: many",
        "rank: 64, rank: -1",
        "rank: 64, rank: 2.5"
    })
    void refusesASettingOutsideOfItsRange(String from, String to) {
        String value = to.substring(to.indexOf(' ') + 1);
        assertThat(problems(GOOD.replace(from, to)))
                .anySatisfy(problem -> assertThat(problem.message()).contains(value));
    }

    @Test
    void refusesAnInputOfTheWrongType() {
        assertThat(problem(GOOD.replace("default: [1, 2]", "default: [1, two]"), "wrong-type")
                        .message())
                .contains("two");
    }

    @Test
    void refusesMoreThanTenThousandCellsWithoutMakingThem() {
        String seeds = IntStream.range(0, 4000).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        String yaml = GOOD.replace("default: [1, 2]", "default: [" + seeds + "]");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(problem(yaml, "too-many-cells").message()).contains("10,000"));
    }

    @Test
    void namesAMissingDataFileAndTheFolder() {
        String yaml = "schema: fewtune/v1\nname: x\ntasks:\n  own:\n    files: { train: no.tsv, test: no.tsv }\n"
                + "    text: text\n    label: label\nsteps:\n  t:\n    uses: tokenize\n    with: { task: own, backbone: minilm-l6 }\n";
        List<Problem> found = new WorkflowReader(dev.fewtune.step.Catalogs.builtIn())
                .read("x.yaml", yaml, java.nio.file.Path.of("workflows"))
                .problems();
        assertThat(found).anySatisfy(problem -> {
            assertThat(problem.message()).contains("no.tsv");
            assertThat(problem.line()).isEqualTo(5);
            assertThat(problem.maybe()).contains("workflows");
        });
    }

    @Test
    void tellsSeveralProblemsInTheOrderOfTheFile() {
        List<Problem> found = problems(GOOD.replace("minilm-l6", "nothing")
                .replace("uses: evaluate", "uses: evaluat")
                .replace("name: good", "nam: good"));
        assertThat(found).hasSizeGreaterThanOrEqualTo(3).isSortedAccordingTo(Comparator.comparingInt(Problem::line));
    }

    private static void assertPlace(String yaml, String word) {
        assertThat(problems(yaml)).anySatisfy(problem -> assertPlace(problem, yaml, word));
    }

    private static void assertPlace(Problem problem, String yaml, String word) {
        String line = yaml.lines().toList().get(problem.line() - 1);
        assertThat(line.substring(problem.column() - 1)).as(problem.toString()).contains(word);
        assertThat(problem.excerpt()).contains("^");
    }
}
