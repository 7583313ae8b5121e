package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.fewtune.wiring.OwnModels;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models below the data root of a server, in workflows that are sent to it. */
@Tag("server")
@QuarkusTest
class OwnModelsOverHttpTest {
    private Path folder;
    private String name;

    @BeforeEach
    void save() throws IOException {
        OwnModels.data(OwnData.ROOT.resolve("own-models"));
        folder = Files.createTempDirectory(OwnData.ROOT.resolve("own-models"), "model-");
        name = "./own-models/" + folder.getFileName();
    }

    @Test
    void tunesAModelBelowTheDataRoot() throws IOException {
        OwnModels.llama(folder);
        long run = Api.start(workflow(name), Map.of());

        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        assertThat(given().get("/api/runs/" + run + "/leaderboard?format=text").asString())
                .contains("lora")
                .contains(folder.getFileName().toString());
    }

    @Test
    void failureNamesTheWeightsAndARetryTakesThemMended() throws IOException {
        OwnModels.bert(folder);
        Path weights = folder.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
        long run = Api.start(workflow(name), Map.of());

        assertThat(Api.ended(run)).isEqualTo("FAILED");
        JsonPath cell = given().get("/api/runs/" + run + "/cells/0").jsonPath();
        assertThat(cell.getString("cause")).isEqualTo("YOURS");
        assertThat(cell.getString("message")).contains("model.safetensors").contains(folder.toString());

        Files.write(weights, whole);
        given().post("/api/runs/" + run + "/retry").then().statusCode(200);
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
    }

    @Test
    void keepsModelsOutsideOfTheDataRootsToItself() {
        Path outside = Path.of("src/test/resources/models/llama").toAbsolutePath();
        given().contentType("application/json")
                .body(Map.of("workflow", workflow(outside.toString())))
                .post("/api/runs")
                .then()
                .statusCode(422)
                .body("problems[0].message", containsString("outside of the data roots"));
    }

    @Test
    void formTakesAnyModelAndOffersTheBuiltInOnes() {
        given().contentType("text/plain")
                .body("""
                        schema: fewtune/v1
                        name: choose-a-model
                        inputs: { model: { type: model, default: minilm-l6 } }
                        steps:
                          tokenize:
                            uses: tokenize
                            matrix: { task: [wordnet-supersense] }
                            with: { backbone: "${{ inputs.model }}" }
                        """)
                .put("/api/workflows/choose-a-model")
                .then()
                .statusCode(200);

        assertThat(given().get("/new?workflow=choose-a-model").asString())
                .contains("<datalist id=\"known-model\"><option value=\"minilm-l6\"></datalist>")
                .containsPattern(
                        "<input type=\"text\"[^>]*name=\"input.model\" value=\"minilm-l6\"[^>]*list=\"known-model\"");
    }

    /** Its data are where the workflow looks for them. */
    private static String workflow(String backbone) {
        return OwnModels.workflow(backbone)
                .replace("train: train.tsv, test: test.tsv", "train: own-models/train.tsv, test: own-models/test.tsv");
    }
}
