package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.GOOD;
import static dev.fewtune.workflow.Texts.changed;
import static dev.fewtune.workflow.Texts.inMatrix;
import static dev.fewtune.workflow.Texts.inStep;
import static dev.fewtune.workflow.Texts.keys;
import static dev.fewtune.workflow.Texts.only;
import static dev.fewtune.workflow.Texts.place;
import static dev.fewtune.workflow.Texts.plan;
import static dev.fewtune.workflow.Texts.problem;
import static dev.fewtune.workflow.Texts.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that stands in a matrix is silently ignored. */
class MatrixProblemsTest {
    private static final String TOKENIZE = "matrix: { task: [wordnet-supersense, wordnet-hypernym] }";

    @ParameterizedTest
    @ValueSource(strings = {"exclude", "include"})
    void refusesARuleWithoutAnAxis(String rule) {
        String yaml = inStep("evaluate", "matrix: { " + rule + ": [{ seed: 1 }] }");
        Problem found = only(yaml, "matrix");
        assertThat(found.message()).contains(rule).contains("evaluate");
        assertThat(place(found, yaml)).startsWith(rule);
    }

    @Test
    void refusesAMatrixWithoutAnAxis() {
        String yaml = inStep("evaluate", "matrix: {}");
        assertThat(place(only(yaml, "matrix"), yaml)).startsWith("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ from: evaluate }", "{ seed: [1, 2] }"})
    void refusesAMatrixWhereAStepIsAlwaysOneCell(String matrix) {
        String yaml = inStep("aggregate", "matrix: " + matrix);
        Problem found = only(yaml, "matrix");
        assertThat(found.message()).contains("aggregate").contains("one cell");
        assertThat(found.maybe()).contains("matrix: none");
        assertThat(place(found, yaml)).startsWith(matrix);
        assertThat(problems(inStep("aggregate", "matrix: none"))).isEmpty();
    }

    @Test
    void refusesAnAxisThatOnlyMultipliesCells() {
        String yaml = inMatrix("learning_rate: [0.1, 0.2]");
        Problem found = only(yaml, "unknown-axis");
        assertThat(found.message()).contains("'learning_rate'").contains("fine-tune");
        assertThat(found.maybe()).startsWith("lr");
        assertThat(place(found, yaml)).startsWith("learning_rate");
    }

    @Test
    void saysThatASettingOfAMethodBelongsToAVariant() {
        Problem found = only(inMatrix("rank: [4, 8]"), "unknown-axis");
        assertThat(found.message()).contains("'rank'");
        assertThat(found.maybe()).contains("variant");
    }

    @Test
    void takesAnAxisThatIsASettingOrUsedInAnExpressionOrOneOfANeed() {
        assertThat(problems(inMatrix("lr: [0.1, 0.2]"))).isEmpty();
        assertThat(problems(inMatrix("size: [8, 16]").replace("batch_size: 32", "batch_size: \"${{ matrix.size }}\"")))
                .isEmpty();
        assertThat(problems(inMatrix("half: [1, 2]")
                        .replace("uses: evaluate\n", "uses: evaluate\n    if: matrix.half != 3\n")))
                .isEmpty();
        assertThat(problems(inStep("evaluate", "matrix: { method: [lora], task: [wordnet-hypernym], seed: [1] }")))
                .isEmpty();
    }

    @Test
    void doesNotTakeANameInQuotesForAUse() {
        String yaml = inMatrix("half: [1, 2]")
                .replace("uses: evaluate\n", "uses: evaluate\n    if: \"matrix.seed != 'matrix.half'\"\n");
        assertThat(only(yaml, "unknown-axis").message()).contains("'half'");
    }

    @Test
    void refusesAnIncludeThatMatchesNoCell() {
        String yaml = inMatrix("include: [{ seed: 7, epochs: 3 }]");
        Problem found = only(yaml, "include");
        assertThat(found.message()).contains("matches no cell").contains("seed").contains("7");
        assertThat(place(found, yaml)).startsWith("{ seed: 7");
    }

    @Test
    void namesTheNearestValueWhereARuleMatchesNoCell() {
        assertThat(only(inMatrix("exclude: [{ method: lorra }]"), "exclude").maybe())
                .startsWith("lora");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: [{ seed: 1 }]              | include       | changes nothing",
                "include: [{}]                       | include       | changes nothing",
                "include: [{ seed: 1, epocs: 3 }]    | unknown-setting | epocs",
                "include: [{ seed: 1, epochs: 0 }]   | setting       | epochs",
                "include: [{ seed: 1, epochs: ~ }]   | setting       | epochs",
                "include: []                         | include       | no rule",
                "exclude: [{}]                       | exclude       | names no axis",
                "exclude: [{ sed: 1 }]               | unknown-axis  | sed",
                "exclude: [{ seed: 9 }]              | exclude       | matches no cell",
                "exclude: [{ seed: 1 }, { seed: 2 }] | exclude       | no cell is left",
                "exclude: [3]                        | wrong-type    | exclude",
                "exclude: { seed: 1 }                | wrong-type    | exclude"
            })
    void refusesARuleWithoutEffect(String rule, String code, String message) {
        assertThat(problem(inMatrix(rule), code).message()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seed: 3               | with: { epochs: 1, seed: 3,  | seed",
                "lr: [0.1, 0.2]        | with: { epochs: 1, lr: 0.5,  | lr",
            })
    void refusesAWordThatStandsInTheMatrixAndUnderWith(String axis, String with, String word) {
        String matrix = word.equals("seed") ? GOOD : inMatrix(axis);
        String yaml = matrix.replace("with: { epochs: 1,", with);
        Problem found = only(yaml, "matrix");
        assertThat(found.message()).contains(word).contains("matrix").contains("with");
        assertThat(place(found, yaml)).startsWith(word);
    }

    @Test
    void refusesAnAxisThatAVariantSetsToo() {
        String yaml = inMatrix("lr: [0.1, 0.2]").replace("rank: 64", "rank: 64, lr: 0.3");
        assertThat(only(yaml, "matrix").message()).contains("lora-big").contains("lr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, ~]", "~"})
    void refusesAnAxisValueThatIsNothing(String values) {
        String yaml = changed("seed: ${{ inputs.seeds }}", "seed: " + values);
        Problem found = only(yaml, "wrong-type");
        assertThat(found.message()).contains("seed").contains("nothing");
        assertThat(place(found, yaml)).startsWith("~");
    }

    @Test
    void checksEveryValueOfASettingAndTellsAllWrongOnes() {
        String yaml = inMatrix("lr: [0.1, 100, fast]");
        assertThat(problems(yaml)).hasSize(2).allSatisfy(found -> assertThat(found.code())
                .isEqualTo("setting"));
        assertThat(problems(yaml).get(0).message()).contains("lr (100) must lie in");
        assertThat(place(problems(yaml).get(1), yaml)).startsWith("fast");
    }

    @Test
    void tellsEveryUnknownBackboneOfAnAxis() {
        String yaml = changed(TOKENIZE, "matrix: { task: [wordnet-supersense], backbone: [minilm-l7, bert] }")
                .replace("    with: { backbone: minilm-l6 }\n", "");
        assertThat(problems(yaml).stream()
                        .filter(found -> found.code().equals("unknown-backbone"))
                        .map(found -> place(found, yaml).substring(0, 4)))
                .containsExactly("mini", "bert");
    }

    @Test
    void refusesTwoValuesThatAreTheSameSetting() {
        assertThat(only(inMatrix("lr: [1, 1.0]"), "duplicate-value").message()).contains("lr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a=b", "a[b", "a]b", "a\\tb", " a", "a ", ""})
    void refusesAValueThatWouldMakeAKeyAmbiguous(String value) {
        String yaml = inMatrix("half: [x, \"" + value + "\"]")
                .replace("uses: evaluate\n", "uses: evaluate\n    if: matrix.half != 3\n");
        Problem found = only(yaml, "name");
        assertThat(found.message()).contains("half");
        assertThat(place(found, yaml)).startsWith("\"" + value + "\"");
    }

    @Test
    void refusesAVariantWhoseNameWouldMakeAKeyAmbiguous() {
        String yaml = changed("lora-big:", "\"lora,task=x\":");
        assertThat(problem(yaml, "name").message()).contains("'lora,task=x'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "1st", "a.b", "a,b", "über"})
    void refusesAnAxisNameThatNoExpressionCanReach(String name) {
        String yaml = inMatrix("\"" + name + "\": [1, 2]");
        Problem found = problem(yaml, "name");
        assertThat(found.message()).contains("'" + name + "'").contains("axis");
        assertThat(place(found, yaml)).startsWith("\"" + name);
    }

    @Test
    void boundsTheKeyOfACell() {
        String axes = IntStream.range(0, 5)
                .mapToObj(i -> "a%d: [%s]".formatted(i, "x".repeat(60)))
                .collect(Collectors.joining("\n      "));
        String uses = IntStream.range(0, 5)
                .mapToObj(i -> "matrix.a%d != 1".formatted(i))
                .collect(Collectors.joining(" && "));
        String yaml = inMatrix(axes).replace("uses: evaluate\n", "uses: evaluate\n    if: " + uses + "\n");
        Problem found = problem(yaml, "too-long");
        assertThat(found.message()).contains("255").contains("tune[method=lora").hasSizeLessThan(400);
        assertThat(problem(inMatrix("a: [" + "x".repeat(81) + "]"), "name").message())
                .contains("80");
    }

    @Test
    void boundsTheAxesOfAMatrix() {
        String axes = IntStream.range(0, 40).mapToObj("a%d: [1]"::formatted).collect(Collectors.joining("\n      "));
        assertThat(problem(inMatrix(axes), "too-many-axes").message())
                .contains("43")
                .contains("20");
    }

    @Test
    void takesTheMatrixOfANeedTimesTheAxesUnderWith() {
        String yaml = changed(
                "    matrix:\n      method: ${{ inputs.methods }}\n      task: [wordnet-supersense, wordnet-hypernym]\n      seed: ${{ inputs.seeds }}\n    with: {",
                "    matrix: { from: tokenize }\n    with: { method: lora, seed: [1, 2],");
        assertThat(keys(plan(yaml), "tune")).hasSize(8).contains("tune[task=wordnet-hypernym,method=head-only,seed=2]");
        Problem twice = only(yaml.replace("method: lora,", "method: lora, task: wordnet-hypernym,"), "matrix");
        assertThat(twice.message()).contains("task").contains("tokenize");
    }

    @Test
    void checksASettingThatIsAnAxisOfTheMatrixTakenOver() {
        String split = inMatrix("split: [test, other]").replace("epochs: 1", "select: \"${{ matrix.split }}\"");
        assertThat(problems(split))
                .anySatisfy(found -> assertThat(found.message()).contains("split (other) must be one of"));
        String twice = inMatrix("split: [test, validation]")
                .replace("needs: [tune]\n", "needs: [tune]\n    if: matrix.split != 3\n    with: { split: test }\n");
        Problem found = only(twice, "matrix");
        assertThat(found.message()).contains("split").contains("evaluate");
    }

    @Test
    void namesTheStepWhoseMatrixCannotBeTaken() {
        String unknown = inStep("evaluate", "matrix: { from: tuna }");
        Problem found = only(unknown, "unknown-step");
        assertThat(found.maybe()).startsWith("tune");
        assertThat(place(found, unknown)).startsWith("tuna");
        Problem notNeeded = only(inStep("evaluate", "matrix: { from: tokenize }"), "matrix");
        assertThat(notNeeded.message()).contains("tokenize").contains("needs");
        assertThat(only(inStep("evaluate", "matrix: { from: none }"), "unknown-step")
                        .message())
                .contains("none");
    }
}
