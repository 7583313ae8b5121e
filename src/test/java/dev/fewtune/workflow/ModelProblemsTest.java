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
import org.junit.jupiter.params.provider.ValueSource;

/** Models that a workflow names: what is understood, and what is said at which place of the rest. */
class ModelProblemsTest {
    private static final Path RESOURCES = Path.of("src/test/resources/models");

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void save() throws IOException {
        model = Files.createDirectories(folder.resolve("models/my-llama"));
        Files.copy(RESOURCES.resolve("llama/config.json"), model.resolve("config.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"./models/my-llama", "models/my-llama", "models/../models/my-llama/"})
    void planKeepsTheWholePathOfAFolder(String backbone) {
        assertThat(backbones(plan(yaml(backbone), Map.of()))).containsOnly(model.toString());
    }

    @ParameterizedTest
    @CsvSource({"hf:acme/tiny, hf:acme/tiny@main", "hf:acme/tiny@v1.0, hf:acme/tiny@v1.0", "minilm-l6, minilm-l6"})
    void planKeepsTheRevisionOfAModelOfTheHub(String backbone, String kept) {
        assertThat(backbones(plan(yaml(backbone), Map.of()))).containsOnly(kept);
    }

    @Test
    void takesAModelAsAnInputWhereverItIsGiven() {
        String yaml = yaml("${{ inputs.model }}")
                .replace("steps:", "inputs: { model: { type: model, default: ./models/my-llama } }\nsteps:");

        assertThat(backbones(plan(yaml, Map.of()))).containsOnly(model.toString());
        assertThat(backbones(plan(yaml, Map.of("model", "hf:acme/tiny")))).containsOnly("hf:acme/tiny@main");
        Planning planning = new Planner(Catalogs.builtIn())
                .planFromTexts(read(yaml, folder, List.of()).workflow(), Map.of("model", "./models/my-lama"));
        assertThat(planning.problems())
                .anySatisfy(problem -> assertThat(problem.maybe()).isEqualTo("./models/my-llama"));
    }

    @Test
    void takesModelsAsAnAxisAndSeesThatTwoNamesAreOneModel() {
        String axis = yaml("x")
                .replace("with: { backbone: \"x\", max_length: 16 }", "with: { max_length: 16 }")
                .replace(
                        "matrix: { task: [wordnet-supersense] }",
                        "matrix: { task: [wordnet-supersense], backbone: [minilm-l6, ./models/my-llama%s] }");

        assertThat(backbones(plan(axis.formatted(""), Map.of()))).containsExactly("minilm-l6", model.toString());
        assertThat(Texts.problem(
                                read(axis.formatted(", models/my-llama"), folder, List.of())
                                        .problems(),
                                "duplicate-value")
                        .message())
                .contains("models/my-llama");
    }

    @Test
    void namesAWordThatIsNoBackboneAndTheNearestOne() {
        assertProblem("minilm-l7", "unknown-backbone", "unknown backbone 'minilm-l7'", "minilm-l6");
    }

    @Test
    void saysHowAFolderIsNamedWhereOneOfThatNameIsThere() {
        assertProblem("models", "unknown-backbone", "unknown backbone 'models'", "./models");
    }

    @Test
    void namesAFolderThatIsMissingAndTheNearestOne() {
        assertProblem(
                "./models/my-lama",
                "model",
                "there is no folder '" + folder.resolve("models/my-lama"),
                "./models/my-llama");
        assertProblem("BAAI/bge-small", "model", "there is no folder", "hf:BAAI/bge-small for the model of the Hub");
    }

    @Test
    void namesAFileThatIsTakenForAFolder() {
        assertProblem("./models/my-llama/config.json", "model", "is a file", "name the folder that it is in");
    }

    @Test
    void namesAFolderWithoutAConfiguration() throws IOException {
        Files.delete(model.resolve("config.json"));
        assertProblem("./models/my-llama", "model", model + " has no config.json", "it is not the folder of a model");
    }

    @Test
    void namesAnArchitectureThatIsNotKnownAndThoseThatAre() throws IOException {
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"mamba\"}");
        assertProblem("./models/my-llama", "model", "model_type is \"mamba\"; known are bert, distilbert, llama", "");
    }

    @Test
    void namesAFieldOfTheConfigurationThatIsMissing() throws IOException {
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"llama\"}");
        assertProblem("./models/my-llama", "model", "hidden_size", "");
    }

    @ParameterizedTest
    @CsvSource({
        "hf:tiny, must have the form hf:org/name",
        "hf:a/b/c, must have the form hf:org/name",
        "hf:acme/ti ny, The name (ti ny)",
        "hf:acme/tiny@, The revision ()",
        "https://huggingface.co/acme/tiny, must not be an address"
    })
    void saysWhatFormAModelOfTheHubHas(String backbone, String says) {
        assertProblem(backbone, "model", says.replace("The ", "he "), "");
    }

    @Test
    void refusesAMaximumLengthThatTheModelInAFolderCannotRead() {
        String yaml = yaml("./models/my-llama").replace("max_length: 16", "max_length: 64");
        Problem problem = Texts.problem(read(yaml, folder, List.of()).problems(), "max-length");

        assertThat(problem.message()).contains("max_length (64) must be at most 32");
        assertThat(Texts.place(problem, yaml)).startsWith("64");
    }

    @Test
    void readsNoFolderForAWorkflowThatCameFromNowhere() {
        assertThat(Texts.problem(
                                read(yaml("./models/my-llama"), null, List.of()).problems(), "file")
                        .message())
                .contains("may not be read: this workflow did not come from a file");
        assertThat(read(yaml("hf:acme/tiny"), null, List.of()).problems()).isEmpty();
    }

    @Test
    void refusesAFolderOutsideOfTheDataRootsAlsoBehindALink() throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("link"), model);

        for (String backbone : List.of("../models/my-llama", model.toString(), "./link")) {
            Problem problem =
                    Texts.problem(read(yaml(backbone), root, List.of(root)).problems(), "file");
            assertThat(problem.message())
                    .contains("lies outside of the data roots")
                    .doesNotContain("mamba");
        }
        assertThat(read(yaml("./my-llama"), model.getParent(), List.of(folder)).problems())
                .isEmpty();
    }

    @Test
    void refusesAFolderWhoseFilesLieOutsideOfTheDataRoots() throws IOException {
        Path root = Files.createDirectories(folder.resolve("root/model")).getParent();
        Files.createSymbolicLink(root.resolve("model/config.json"), model.resolve("config.json"));

        assertThat(Texts.problem(read(yaml("./model"), root, List.of(root)).problems(), "file")
                        .message())
                .contains("lies outside of the data roots");
    }

    @Test
    void takesAFolderThatAStepBeforeIsStillToMake() {
        Plan plan = plan(making("[pretrain]"), Map.of());

        assertThat(plan.cells().get(1).settings()).containsEntry("backbone", made());
        assertThat(plan.cells().get(2).settings()).containsEntry("backbone", made());
        assertThat(PlanText.of(plan))
                .contains("the backbone %s is made by this run; a cell checks it when it starts".formatted(made()));
    }

    @Test
    void namesTheStepToWaitForWhereAFolderIsStillToBeMade() {
        String yaml = making("[]");
        Problem problem = Texts.problem(read(yaml, folder, List.of()).problems(), "backbone");

        assertThat(problem.message())
                .isEqualTo(
                        "the step tokenize asks for the backbone %s, which the step pretrain makes, ".formatted(made())
                                + "and does not wait for it");
        assertThat(problem.maybe()).isEqualTo("needs: [pretrain]");
        assertThat(Texts.place(problem, yaml)).startsWith("./made");
    }

    private String made() {
        return folder.resolve("made").toString();
    }

    private static String making(String needs) {
        return """
                schema: fewtune/v1
                name: making
                steps:
                  pretrain:
                    uses: pretrain-backbone
                    matrix: { seed: [1] }
                    with: { text: ./text, into: ./made, tokenizer: minilm-l6 }
                  tokenize:
                    uses: tokenize
                    needs: %s
                    matrix: { task: [wordnet-supersense] }
                    with: { backbone: ./made, max_length: 4096 }
                  tune:
                    uses: fine-tune
                    needs: [tokenize]
                    matrix: { method: [full], task: [wordnet-supersense], seed: [1] }
                """.formatted(needs);
    }

    private void assertProblem(String backbone, String code, String message, String maybe) {
        String yaml = yaml(backbone);
        Problem problem = Texts.problem(read(yaml, folder, List.of()).problems(), code);
        assertThat(problem.message()).contains(message);
        assertThat(problem.maybe()).contains(maybe);
        assertThat(Texts.place(problem, yaml)).startsWith("\"" + backbone + "\"");
    }

    private Plan plan(String yaml, Map<String, String> inputs) {
        Reading reading = read(yaml, folder, List.of());
        assertThat(reading.problems()).isEmpty();
        Planning planning = new Planner(Catalogs.builtIn()).planFromTexts(reading.workflow(), inputs);
        assertThat(planning.problems()).isEmpty();
        return planning.plan();
    }

    private static List<Object> backbones(Plan plan) {
        return plan.cells().stream()
                .map(cell -> cell.settings().get("backbone"))
                .toList();
    }

    private static Reading read(String yaml, Path folder, List<Path> roots) {
        return new WorkflowReader(Catalogs.builtIn()).read("x.yaml", yaml, folder, roots);
    }

    private static String yaml(String backbone) {
        return """
                schema: fewtune/v1
                name: models
                steps:
                  tokenize:
                    uses: tokenize
                    matrix: { task: [wordnet-supersense] }
                    with: { backbone: "%s", max_length: 16 }
                """.formatted(backbone);
    }
}
