package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.GOOD;
import static dev.fewtune.workflow.Texts.cell;
import static dev.fewtune.workflow.Texts.keys;
import static dev.fewtune.workflow.Texts.plan;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a workflow becomes cells. */
class PlannerTest {
    @Test
    void makesACellPerCombinationWithAStableKey() {
        Plan plan = plan(GOOD);
        assertThat(keys(plan, "tokenize"))
                .containsExactly("tokenize[task=wordnet-supersense]", "tokenize[task=wordnet-hypernym]");
        assertThat(keys(plan, "tune"))
                .hasSize(12)
                .doesNotHaveDuplicates()
                .startsWith(
                        "tune[method=lora,task=wordnet-supersense,seed=1]",
                        "tune[method=lora,task=wordnet-supersense,seed=2]");
        assertThat(plan(GOOD)).isEqualTo(plan);
    }

    @Test
    void addsHeadOnlyAsAControlForEveryTaskAndSeed() {
        assertThat(plan(GOOD).cells().stream()
                        .filter(PlannedCell::control)
                        .filter(cell -> cell.step().equals("tune"))
                        .map(PlannedCell::method))
                .hasSize(4)
                .containsOnly("head-only");
        assertThat(plan(GOOD.replace("[lora,", "[head-only, lora,")).cells()).noneMatch(PlannedCell::control);
    }

    @Test
    void keepsTheNameAndTheSettingsOfAVariant() {
        PlannedCell big = cell(plan(GOOD), "tune[method=lora-big,task=wordnet-hypernym,seed=2]");
        assertThat(big.method()).isEqualTo("lora");
        assertThat(big.methodSettings()).containsEntry("rank", 64L);
        assertThat(big.settings()).containsEntry("epochs", 1L);
    }

    @Test
    void joinsOnTheAxesThatBothHave() {
        Plan plan = plan(GOOD);
        PlannedCell tuned = cell(plan, "tune[method=lora,task=wordnet-hypernym,seed=1]");
        assertThat(needs(plan, tuned)).containsExactly("tokenize[task=wordnet-hypernym]");
        PlannedCell evaluated = cell(plan, "evaluate[method=lora,task=wordnet-hypernym,seed=1]");
        assertThat(needs(plan, evaluated)).containsExactly(tuned.key());
        assertThat(needs(plan, cell(plan, "board"))).hasSize(12);
    }

    @Test
    void takesATaskUnderWithAsAnAxis() {
        Plan plan = plan(GOOD.replace(
                        "matrix: { task: [wordnet-supersense, wordnet-hypernym] }\n    with: {",
                        "with: { task: wordnet-supersense,")
                .replace("task: [wordnet-supersense, wordnet-hypernym]", "task: [wordnet-supersense]"));
        assertThat(needs(plan, cell(plan, "tune[method=lora,task=wordnet-supersense,seed=1]")))
                .containsExactly("tokenize[task=wordnet-supersense]");
    }

    @Test
    void leavesOutWhatIsExcluded() {
        Plan plan = plan(GOOD.replace(
                "seed: ${{ inputs.seeds }}\n",
                "seed: ${{ inputs.seeds }}\n      exclude:\n        - { method: lora, task: wordnet-hypernym }\n"));
        assertThat(keys(plan, "tune"))
                .noneMatch(key -> key.startsWith("tune[method=lora,task=wordnet-hypernym"))
                .hasSize(10);
    }

    @Test
    void changesSettingsOfMatchingCellsByIncludeAndAddsNone() {
        Plan plan = plan(GOOD.replace(
                "seed: ${{ inputs.seeds }}\n",
                "seed: ${{ inputs.seeds }}\n      include:\n        - { task: wordnet-hypernym, epochs: 3 }\n"));
        assertThat(keys(plan, "tune")).hasSize(12);
        assertThat(cell(plan, "tune[method=lora,task=wordnet-hypernym,seed=1]").settings())
                .containsEntry("epochs", 3L);
        assertThat(cell(plan, "tune[method=lora,task=wordnet-supersense,seed=1]")
                        .settings())
                .containsEntry("epochs", 1L);
    }

    @Test
    void leavesOutCellsWhoseConditionIsFalse() {
        Plan plan = plan(GOOD.replace(
                "    uses: evaluate\n",
                "    uses: evaluate\n    if: ${{ matrix.seed == 1 && matrix.method != 'lora' }}\n"));
        assertThat(keys(plan, "evaluate"))
                .allMatch(key -> key.contains("seed=1"))
                .noneMatch(key -> key.contains("method=lora,"));
    }

    @Test
    void weavesSeveralExpressionsIntoOneText() {
        Plan plan = plan(GOOD.replace("inputs:\n", "inputs:\n  a: { type: string, default: minilm }\n")
                .replace("backbone: minilm-l6", "backbone: \"${{ inputs.a }}-${{ 'l6' }}\""));
        assertThat(cell(plan, "board").settings()).containsEntry("backbone", "minilm-l6");
    }

    @Test
    void takesInputsAsTheyAreTyped() {
        Plan plan = plan(GOOD, Map.of("seeds", "7, 8,9", "methods", "bitfit,lora-big"));
        assertThat(keys(plan, "tune"))
                .contains("tune[method=bitfit,task=wordnet-supersense,seed=9]")
                .hasSize(18);
        assertThat(cell(plan, "tune[method=lora-big,task=wordnet-supersense,seed=7]")
                        .methodSettings())
                .containsEntry("rank", 64L);
    }

    @Test
    void keepsLimitsAndFlags() {
        Plan plan = plan(
                GOOD.replace("    uses: fine-tune\n", "    uses: fine-tune\n    max-parallel: 3\n    priority: 5\n")
                        .replace("    uses: aggregate\n", "    uses: aggregate\n    allow-failed: true\n"));
        assertThat(plan.maxParallel()).containsEntry("tune", 3);
        assertThat(cell(plan, "tune[method=lora,task=wordnet-supersense,seed=1]")
                        .priority())
                .isEqualTo(5);
        assertThat(cell(plan, "board").allowFailed()).isTrue();
    }

    @Test
    void survivesItsJson() {
        Plan plan = plan(GOOD);
        assertThat(PlanJson.write(PlanJson.read(PlanJson.write(plan)))).isEqualTo(PlanJson.write(plan));
    }

    private static List<String> needs(Plan plan, PlannedCell cell) {
        return cell.needs().stream().map(need -> plan.cells().get(need).key()).toList();
    }
}
