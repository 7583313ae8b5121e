package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.GOOD;
import static dev.fewtune.workflow.Texts.cell;
import static dev.fewtune.workflow.Texts.changed;
import static dev.fewtune.workflow.Texts.inMatrix;
import static dev.fewtune.workflow.Texts.inStep;
import static dev.fewtune.workflow.Texts.only;
import static dev.fewtune.workflow.Texts.place;
import static dev.fewtune.workflow.Texts.plan;
import static dev.fewtune.workflow.Texts.problem;
import static dev.fewtune.workflow.Texts.problems;
import static dev.fewtune.workflow.Texts.withShortBackbone;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be known before anything runs is told before anything runs; and a small file makes no huge plan. */
class PlanProblemsTest {
    private static final String MINILM = "with: { backbone: minilm-l6 }";

    @Test
    void namesAnUnknownMetricToSelectBy() {
        String yaml = changed("epochs: 1", "select: acuracy");
        Problem found = only(yaml, "unknown-metric");
        assertThat(found.message()).contains("'acuracy'");
        assertThat(found.maybe()).startsWith("accuracy");
        assertThat(place(found, yaml)).startsWith("acuracy");
        assertThat(problems(changed("epochs: 1", "select: macro-f1"))).isEmpty();
    }

    @Test
    void namesAnUnknownMetricOfAnAxisAndOfAVariant() {
        assertThat(only(inMatrix("select: [accuracy, acuracy]"), "unknown-metric")
                        .maybe())
                .startsWith("accuracy");
        assertThat(only(changed("rank: 64", "rank: 64, select: acuracy"), "unknown-metric")
                        .maybe())
                .startsWith("accuracy");
    }

    @Test
    void refusesAMetricOfNumbersForATaskWithClasses() {
        Problem found = only(changed("epochs: 1", "select: pearson"), "metric");
        assertThat(found.message())
                .contains("pearson")
                .contains("wordnet-supersense")
                .contains("classes");
        assertThat(found.maybe()).contains("accuracy");
    }

    @Test
    void refusesAnInputLongerThanTheBackboneTakes() {
        String yaml = changed(MINILM, "with: { backbone: minilm-l6, max_length: 600 }");
        Problem found = only(yaml, "max-length");
        assertThat(found.message()).contains("600").contains("512").contains("minilm-l6");
        assertThat(place(found, yaml)).startsWith("600");
    }

    @Test
    void tellsEveryTooLongInputOfAnAxis() {
        String yaml = changed(
                        "matrix: { task: [wordnet-supersense, wordnet-hypernym] }",
                        "matrix: { task: [wordnet-supersense, wordnet-hypernym], max_length: [64, 600, 700] }")
                .replace(
                        "seed: ${{ inputs.seeds }}\n", "seed: ${{ inputs.seeds }}\n      max_length: [64, 600, 700]\n");
        assertThat(problems(yaml).stream().filter(found -> found.code().equals("max-length")))
                .hasSize(2);
    }

    @Test
    void refusesADefaultLengthThatTheBackboneDoesNotTake() {
        Problem found =
                problem(problems(GOOD.replace(MINILM, "with: { backbone: short }"), withShortBackbone()), "max-length");
        assertThat(found.message()).contains("128").contains("64").contains("short");
        assertThat(problems(GOOD.replace(MINILM, "with: { backbone: short, max_length: 64 }"), withShortBackbone()))
                .isEmpty();
    }

    @Test
    void refusesAnotherBackboneDownstream() {
        String yaml = changed("with: { epochs: 1,", "with: { backbone: short, epochs: 1,");
        List<Problem> found = problems(yaml, withShortBackbone());
        assertThat(found).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("backbone");
            assertThat(problem.message()).contains("short").contains("minilm-l6");
            assertThat(place(problem, yaml)).startsWith("short");
        });
    }

    @Test
    void namesTheCellAndTheNeedThatAnExcludeTookFromIt() {
        String yaml = changed(
                "matrix: { task: [wordnet-supersense, wordnet-hypernym] }", "matrix: { task: [wordnet-supersense] }");
        Problem found = only(yaml, "no-such-need");
        assertThat(found.message())
                .contains("tune[method=lora,task=wordnet-hypernym,seed=1]")
                .contains("tokenize")
                .contains("task=wordnet-hypernym")
                .contains("5 more");
        assertThat(found.maybe()).contains("exclude");
        assertThat(place(found, yaml)).startsWith("tokenize]");
    }

    @Test
    void namesTheCellAndTheNeedThatAConditionTookFromIt() {
        Problem found = only(inStep("tokenize", "if: matrix.task != 'wordnet-hypernym'"), "no-such-need");
        assertThat(found.message()).contains("tune[method=lora,task=wordnet-hypernym,seed=1]");
    }

    @Test
    void refusesABoardWithoutACell() {
        Problem found = only(inStep("evaluate", "if: false"), "no-such-need");
        assertThat(found.message()).contains("board").contains("evaluate");
    }

    @Test
    void doesNotWaitForAStepThatAConditionSwitchedOff() {
        String yaml = changed(
                "  board:\n    uses: aggregate\n    needs: [evaluate]\n",
                "  validate:\n    uses: evaluate\n    needs: [tune]\n    if: false\n    with: { split: validation }\n"
                        + "  board:\n    uses: aggregate\n    needs: [evaluate, validate]\n");
        assertThat(cell(plan(yaml), "board").needs()).hasSize(12);
    }

    @Test
    void tellsNoFollowUpsOfAProblemUpstream() {
        only(changed("with: { backbone: minilm-l6 }", "with: { backbone: minilm-l7 }"), "unknown-backbone");
        only(
                changed(
                        "matrix: { task: [wordnet-supersense, wordnet-hypernym] }",
                        "matrix: { task: [wordnet-supersense, wordnet-hypernim] }"),
                "unknown-task");
    }

    @Test
    void refusesACellThatSeveralCellsWouldFit() {
        String yaml = changed(
                "matrix: { task: [wordnet-supersense, wordnet-hypernym] }",
                "matrix: { task: [wordnet-supersense, wordnet-hypernym], max_length: [32, 64] }");
        Problem found = only(yaml, "several-needs");
        assertThat(found.message())
                .contains("tune[method=lora,task=wordnet-supersense,seed=1]")
                .contains("tokenize[task=wordnet-supersense,max_length=32]")
                .contains("tokenize[task=wordnet-supersense,max_length=64]");
        assertThat(found.maybe()).contains("max_length");
        assertThat(only(inStep("evaluate", "matrix: none"), "several-needs").message())
                .contains("evaluate")
                .contains("12 cells");
    }

    @Test
    void tellsWhatIsWrongBehindAStepOfAnUnknownKind() {
        List<Problem> found = problems(GOOD.replace("uses: evaluate", "uses: evaluat")
                .replace("backbone: minilm-l6", "backbone: minilm-l7")
                .replace("batch_size: 32", "batch_size: 0"));
        assertThat(found).extracting(Problem::code).containsExactly("unknown-backbone", "setting", "unknown-step-kind");
    }

    @Test
    void tellsTheWrongFieldsOfAStepOfAnUnknownKind() {
        List<Problem> found = problems(changed("uses: evaluate\n", "uses: evaluat\n    priority: high\n"));
        assertThat(found).extracting(Problem::code).containsExactly("unknown-step-kind", "wrong-type");
    }

    @Test
    void tellsEveryAxisThatIsMissing() {
        String yaml =
                changed("      method: ${{ inputs.methods }}\n", "").replace("      seed: ${{ inputs.seeds }}\n", "");
        assertThat(problems(yaml))
                .extracting(Problem::message)
                .anyMatch(text -> text.contains("tune has no method"))
                .anyMatch(text -> text.contains("tune has no seed"));
    }

    @Test
    void checksADefaultAlsoWhereAnotherInputHasNone() {
        String yaml =
                changed("inputs:\n", "inputs:\n  open: { type: integer }\n  odd: { type: integer, default: three }\n");
        assertThat(only(yaml, "wrong-type").message()).contains("odd").contains("three");
    }

    @Test
    void refusesMoreThanAMillionNeeds() {
        Problem found = only(crossing(2000), "too-many-needs");
        assertThat(found.message()).contains("second").contains("1,000,000");
        assertThat(found.maybe()).contains("axis");
    }

    @Test
    void sharesTheNeedsOfCellsThatWaitForTheSame() {
        Plan plan = plan(crossing(500));
        List<List<Integer>> needs = plan.cells().stream()
                .filter(cell -> cell.step().equals("second"))
                .map(PlannedCell::needs)
                .toList();
        assertThat(needs)
                .hasSize(500)
                .allSatisfy(list -> assertThat(list).hasSize(500).isSameAs(needs.get(0)));
    }

    @Test
    void letsABoardWaitForThousandsOfCells() {
        Plan plan = plan(GOOD.replace("default: [1, 2]", "default: " + numbers(800)));
        assertThat(cell(plan, "board").needs()).hasSize(4800);
    }

    @Test
    void boundsTheCellsOfAllSteps() {
        String yaml = GOOD.replace("default: [1, 2]", "default: " + numbers(1600));
        Problem found = only(yaml, "too-many-cells");
        assertThat(found.message()).contains("10,000");
    }

    @Test
    void boundsTheSteps() {
        String steps = IntStream.range(0, 1001)
                .mapToObj(i -> "  s%d:\n    uses: tokenize\n    with: { task: wordnet-wic, backbone: minilm-l6 }\n"
                        .formatted(i))
                .collect(Collectors.joining());
        Problem found = only("schema: fewtune/v1\nname: x\nsteps:\n" + steps, "too-many-steps");
        assertThat(found.message()).contains("1,001").contains("1,000");
    }

    @Test
    void plansALongChainOfSteps() {
        String steps = IntStream.iterate(999, i -> i >= 0, i -> i - 1)
                .mapToObj(i -> "  s%d:\n    uses: tokenize\n%s    with: { task: wordnet-wic, backbone: minilm-l6 }\n"
                        .formatted(i, i == 0 ? "" : "    needs: [s%d]\n".formatted(i - 1)))
                .collect(Collectors.joining());
        Plan plan = plan("schema: fewtune/v1\nname: x\nsteps:\n" + steps);
        assertThat(plan.cells()).hasSize(1000);
        assertThat(plan.cells().get(0).step()).isEqualTo("s0");
    }

    @Test
    void boundsWhatExpressionsCompute() {
        String contains = String.join(" && ", Collections.nCopies(15, "contains(inputs.seeds, matrix.seed)"));
        String yaml = GOOD.replace("default: [1, 2]", "default: " + numbers(1500))
                .replace("uses: evaluate\n", "uses: evaluate\n    if: " + contains + "\n");
        Problem found = only(yaml, "too-much-work");
        assertThat(found.message()).contains("evaluate").contains("20,000,000");
    }

    @Test
    void boundsTheTextThatAnExpressionMakes() {
        String yaml = GOOD.replace(
                        "inputs:\n", "inputs:\n  long: { type: string, default: " + "x".repeat(1000) + " }\n")
                .replace("backbone: minilm-l6", "backbone: \"" + "${{ inputs.long }}".repeat(100) + "\"");
        Problem found = problem(yaml, "too-big");
        assertThat(found.message()).contains("10,000 characters");
    }

    @Test
    void boundsTheListThatExpressionsMake() {
        String yaml = GOOD.replace("default: [1, 2]", "default: " + numbers(9000))
                .replace(
                        "task: [wordnet-supersense, wordnet-hypernym] }",
                        "task: [" + String.join(", ", Collections.nCopies(100, "\"${{ inputs.seeds }}\"")) + "] }");
        assertThat(problem(yaml, "too-big").message()).contains("100,000");
    }

    @Test
    void boundsTheListsOfInputs() {
        assertThat(problem(GOOD.replace("default: [1, 2]", "default: " + numbers(10_001)), "too-big")
                        .message())
                .contains("seeds")
                .contains("10,000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"if: ~", "with: { split: ~ }"})
    void refusesAFieldThatIsNothing(String field) {
        Problem found = problems(inStep("evaluate", field)).get(0);
        assertThat(found.message()).contains("nothing");
        assertThat(place(found, inStep("evaluate", field))).startsWith("~");
    }

    /** Two steps of n cells without an axis in common but the task. */
    private static String crossing(int n) {
        return """
                schema: fewtune/v1
                name: crossing
                steps:
                  first:
                    uses: tokenize
                    matrix:
                      task: [wordnet-wic]
                      data_seed: %s
                    with: { backbone: minilm-l6 }
                  second:
                    uses: tokenize
                    needs: [first]
                    matrix:
                      task: [wordnet-wic]
                      max_test_samples: %s
                """.formatted(numbers(n), numbers(n));
    }

    private static String numbers(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
