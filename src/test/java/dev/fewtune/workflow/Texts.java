package dev.fewtune.workflow;

import dev.fewtune.step.Catalogs;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Workflows for tests, and what reading them gives. */
final class Texts {
    static final String GOOD = """
            schema: fewtune/v1
            name: good
            inputs:
              methods:
                type: list
                of: method
                default: [lora, { lora-big: { method: lora, rank: 64 } }]
              seeds: { type: list, of: integer, default: [1, 2] }
            steps:
              tokenize:
                uses: tokenize
                matrix: { task: [wordnet-supersense, wordnet-hypernym] }
                with: { backbone: minilm-l6 }
              tune:
                uses: fine-tune
                needs: [tokenize]
                matrix:
                  method: ${{ inputs.methods }}
                  task: [wordnet-supersense, wordnet-hypernym]
                  seed: ${{ inputs.seeds }}
                with: { epochs: 1, batch_size: 32 }
              evaluate:
                uses: evaluate
                needs: [tune]
              board:
                uses: aggregate
                needs: [evaluate]
            """;

    private Texts() {}

    static List<Problem> problems(String yaml) {
        return new WorkflowReader(Catalogs.builtIn()).read("x.yaml", yaml, null).problems();
    }

    /** The problem with a code, or a failure that shows all there are. */
    static Problem problem(String yaml, String code) {
        List<Problem> problems = problems(yaml);
        return problems.stream()
                .filter(problem -> problem.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + code + " among\n"
                        + problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))));
    }

    static Plan plan(String yaml) {
        return plan(yaml, Map.of());
    }

    static Plan plan(String yaml, Map<String, String> inputs) {
        Reading reading = new WorkflowReader(Catalogs.builtIn()).read("x.yaml", yaml, null);
        if (!reading.problems().isEmpty()) {
            throw new AssertionError(reading.problems());
        }
        Planning planning = new Planner(Catalogs.builtIn()).planFromTexts(reading.workflow(), inputs);
        if (planning.plan() == null) {
            throw new AssertionError(planning.problems());
        }
        return planning.plan();
    }

    static List<String> keys(Plan plan, String step) {
        return plan.cells().stream()
                .filter(cell -> cell.step().equals(step))
                .map(PlannedCell::key)
                .toList();
    }

    static PlannedCell cell(Plan plan, String key) {
        return plan.cells().stream()
                .filter(cell -> cell.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError(key + " is not among "
                        + plan.cells().stream().map(PlannedCell::key).toList()));
    }
}
