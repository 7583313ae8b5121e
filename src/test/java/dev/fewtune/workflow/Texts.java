package dev.fewtune.workflow;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Catalog;
import dev.fewtune.step.Catalogs;
import java.util.ArrayList;
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

    /** The good workflow with one part replaced. */
    static String changed(String from, String to) {
        if (!GOOD.contains(from)) {
            throw new AssertionError(from + " is not part of the good workflow");
        }
        return GOOD.replace(from, to);
    }

    /** The good workflow with a line more in the matrix of tune. */
    static String inMatrix(String line) {
        return changed("      seed: ${{ inputs.seeds }}\n", "      seed: ${{ inputs.seeds }}\n      " + line + "\n");
    }

    /** The good workflow with a line more in the step of a kind. */
    static String inStep(String kind, String line) {
        return changed("    uses: " + kind + "\n", "    uses: " + kind + "\n    " + line + "\n");
    }

    /** The rest of the line from the place of a problem on. */
    static String place(Problem problem, String yaml) {
        return yaml.lines().toList().get(problem.line() - 1).substring(problem.column() - 1);
    }

    static List<Problem> problems(String yaml) {
        return problems(yaml, Catalogs.builtIn());
    }

    static List<Problem> problems(String yaml, Catalog catalog) {
        return new WorkflowReader(catalog).read("x.yaml", yaml, null).problems();
    }

    /** What is built in, and a backbone {@code short} that takes 64 tokens. */
    static Catalog withShortBackbone() {
        Catalog known = Catalogs.builtIn();
        List<BackboneSpec> backbones = new ArrayList<>(known.backbones());
        backbones.add(new BackboneSpec("short", "Short", "bert", "a test", "none", 1000, 64, 8, 40, false, ""));
        return new Catalog(known.methods(), backbones, known.tasks(), known.steps(), known.metrics(), known.models());
    }

    /** The only problem with a code, or a failure that shows all there are. */
    static Problem only(String yaml, String code) {
        List<Problem> problems = problems(yaml);
        if (problems.size() != 1 || !problems.get(0).code().equals(code)) {
            throw new AssertionError("not just " + code + ", but\n" + text(problems));
        }
        return problems.get(0);
    }

    /** The problem with a code, or a failure that shows all there are. */
    static Problem problem(String yaml, String code) {
        return problem(problems(yaml), code);
    }

    static Problem problem(List<Problem> problems, String code) {
        return problems.stream()
                .filter(problem -> problem.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + code + " among\n" + text(problems)));
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
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
